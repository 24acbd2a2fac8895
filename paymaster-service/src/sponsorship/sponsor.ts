import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hash, Hex, SignedAuthorization } from 'viem'
import type { ChainReader } from '../chain/chainReader.ts'
import type { PolicyGate, SponsorshipCaller } from '../gate/policyGate.ts'
import type { Ledger, SignatureWindow } from '../ledger/ledger.ts'
import { selectorsOf } from '../policy/calls/selectors.ts'
import { checkRules, innerCalls } from '../policy/checkRules.ts'
import type { DryRun } from '../policy/dryRun.ts'
import { dryRun } from '../policy/dryRun.ts'
import type { GasLimits } from '../policy/gas/unusedGas.ts'
import type { Policy } from '../policy/policy.ts'
import { priceAt } from '../policy/price.ts'
import type { Question } from '../policy/willSponsor/question.ts'
import type { PriceSource } from '../price/priceSource.ts'
import { sponsorshipHasher } from '../signing/sponsoredOperation.ts'
import { withService } from './dryRunService.ts'
import type { PolicyRefusal } from './errors.ts'
import { NotFollowingError, OperationIncompleteError, SponsorshipRefusedError } from './errors.ts'
import type { SignedFields } from './parallelTerms.ts'
import { chooseTerms, toSignedFields } from './parallelTerms.ts'
import type { PaymasterGasLimits } from './paymasterGas.ts'
import { checkPaymasterGas, gasOf, paymasterGasLimits } from './paymasterGas.ts'
import { creationOf, slotsOf } from './senderQuestion.ts'
import { delegateOf, toSponsorshipRequest } from './sponsorshipRequest.ts'
import { stubSignature, stubWindow } from './stub.ts'

export type SponsorParameters = {
  chainId: number
  chain: Pick<ChainReader, 'senderState'>
  ledger: Pick<Ledger, 'reserve' | 'find' | 'preview' | 'keepSignature' | 'abandon'>
  /** Signs for one paymaster; a signer signs for all of them alike. */
  signer: { sign(digest: Hash, paymaster: Address): Promise<Hex> }
  gate: PolicyGate
  /** Seconds that a signature is good for. */
  windowSeconds: number
  /** Whether the ledger follows the chain. */
  following: () => boolean
  /** Unix seconds by this machine's clock. */
  clock: () => number
  /** Price of ether, for caps in USD, and the age in seconds up to which it is used. */
  price: PriceSource
  priceMaxAge: number
}

export type SponsorRequest = {
  op: UserOperation
  entryPoint: EntryPointAdapter
  /** The SponsorPaymaster of that EntryPoint. */
  paymaster: Address
  /** Who asks. */
  caller: SponsorshipCaller
  /** What an estimate says that the operation needs, where there is one. */
  estimate?: GasLimits | undefined
  /** Policies that may pay; the first that agrees does. */
  policies: readonly Policy[]
  /** EntryPoint 0.9: the signature stands outside of the hash. With the data that the account signs, where it has it. */
  parallel?: { paymasterData: Hex | undefined } | undefined
}

export type PaymasterData = PaymasterGasLimits &
  SignedFields & {
    paymaster: Address
    policy: Policy
  }

export type Sponsor = {
  /**
   * Data of the final length and cost for gas estimation. Reserves nothing.
   * @throws SponsorshipRefusedError for what would not be sponsored.
   */
  stub(request: SponsorRequest): Promise<PaymasterData>
  /**
   * Reserves the operation's upper bound and signs it. The same operation gets the same data again.
   * @throws SponsorshipRefusedError, OperationIncompleteError, NodeUnavailableError
   */
  sponsor(request: SponsorRequest): Promise<PaymasterData>
  /** What every policy says, without spending. The webhook is asked when nothing else refuses. */
  dryRun(request: SponsorRequest): Promise<readonly (DryRun & { policy: Policy })[]>
}

/** A reservation without a signature. */
type Unsigned = { policy: Policy; id: Hash; window: SignatureWindow; isNew: boolean }

/** Chain time may run ahead of a block's by this much, and two clocks differ. Seconds. */
const clockSkew = 60
/** A signature with less than this left is renewed instead of given again. Seconds. */
const leastValidity = 60

/** Longest window of a signature, seconds: SponsorPaymaster takes one hour from `validAfter`. */
export const maxWindowSeconds = 3_600 - clockSkew

/** The use case of the service: rules, reservation, signature, in this order. */
export function createSponsor(parameters: SponsorParameters): Sponsor {
  const { chainId, ledger, signer, gate } = parameters

  /** Everything that stub and final data have in common. */
  async function assess(request: SponsorRequest) {
    if (!parameters.following()) throw new NotFollowingError()
    const limits = paymasterGasLimits(request.op)
    const op: UserOperation = { ...request.op, ...limits, paymaster: request.paymaster }
    const gasRefusal = checkPaymasterGas(limits)
    if (gasRefusal) throw new SponsorshipRefusedError([{ ...gasRefusal, policyId: undefined }])

    const [state, ether] = await Promise.all([
      parameters.chain.senderState(op.sender, creationOf(request), slotsOf(request)),
      parameters.price.priceOf(),
    ])
    // An idle chain's newest block is old, and a chain of tests may be ahead.
    const now = Math.max(parameters.clock(), state.timestamp)
    const delegate = delegateOf(op, state.delegate)
    const amount = request.entryPoint.requiredPrefund(op)
    const factsFor = (policy: Policy) =>
      toSponsorshipRequest({
        op,
        state,
        chainId,
        entryPoint: request.entryPoint.address,
        now,
        origin: request.caller.origin,
        estimate: request.estimate,
        gasPast: gate.gasPast(policy, op.sender),
      })
    const key = { chainId, paymaster: request.paymaster, sender: op.sender, nonce: op.nonce }
    const price = priceAt(ether, now, parameters.priceMaxAge)
    const questionFor = (policy: Policy) => {
      const selectors = selectorsOf(innerCalls(policy, factsFor(policy)) ?? [])
      return { ...key, policy, amount, price, selectors, now }
    }
    const takeRequest = (policy: Policy, stage: Question['stage']) =>
      gate.takeRequest(policy, { sender: op.sender, key: request.caller.rateKey }, stage)
    const checkCaps = (policy: Policy) => ledger.preview(questionFor(policy))
    const askWebhook = (policy: Policy, stage: Question['stage']) =>
      gate.willSponsor(policy, {
        stage,
        caller: request.caller,
        request: factsFor(policy),
        op,
        maxCost: amount,
      })
    /** Every rule but the caps and the webhook. */
    const rulesOf = async (policy: Policy, stage: Question['stage']) =>
      checkRules(policy, factsFor(policy)) ?? (await takeRequest(policy, stage))
    /** Caps and, last, the webhook. */
    const askedFor = async (policy: Policy, stage: Question['stage']) =>
      (await checkCaps(policy)) ?? (await askWebhook(policy, stage))
    const tryRules = async (policy: Policy) =>
      withService(dryRun(policy, factsFor(policy)), {
        rate: () => takeRequest(policy, 'dry-run'),
        caps: () => checkCaps(policy),
        'will-sponsor': () => askWebhook(policy, 'dry-run'),
      })
    const hashOf = sponsorshipHasher({
      chainId,
      entryPoint: request.entryPoint.address,
      paymaster: request.paymaster,
      op,
      delegate,
    })
    const digest = (policy: Policy, window: SignatureWindow) =>
      hashOf({ policyHash: policy.onChainHash, ...window })
    const window = { validAfter: now - clockSkew, validUntil: now + parameters.windowSeconds }
    return {
      op,
      limits,
      now,
      delegate,
      key,
      window,
      questionFor,
      rulesOf,
      askedFor,
      tryRules,
      digest,
    }
  }

  type Assessment = Awaited<ReturnType<typeof assess>>

  async function reserve(request: SponsorRequest, assessment: Assessment) {
    const { op, now, key, questionFor, rulesOf, askedFor, digest } = assessment
    const keepUntil = now + leastValidity
    const { app, keyId } = request.caller
    const origin = app === undefined ? {} : { origin: { app, keyId } }
    const { policies, window, named } = termsOf(request, assessment, keepUntil)
    const ids = new Map(policies.map((policy) => [digest(policy, named), policy]))
    // Another policy than now may have paid when the operation was asked for first. And what was
    // answered is not counted or asked again.
    const asks = policies.some(({ document }) => document.rate ?? document.willSponsor)
    const earlier = ids.size > 1 || asks ? await ledger.find([...ids.keys()], keepUntil) : undefined
    const paying = earlier && ids.get(earlier.id)
    if (earlier && paying) return { policy: paying, sponsorship: earlier, isNew: false }

    const refusals: PolicyRefusal[] = []
    for (const [id, policy] of ids) {
      const refusal =
        (await rulesOf(policy, 'sponsorship')) ??
        // Before anything is held back: it may take seconds.
        (policy.document.willSponsor && (await askedFor(policy, 'sponsorship')))
      if (refusal) {
        refusals.push({ ...refusal, policyId: policy.id })
        continue
      }
      const question = questionFor(policy)
      const result = await ledger.reserve({ ...question, ...origin, id, window, keepUntil })
      if (result.kind === 'reserved') {
        gate.sponsored(policy, { ...key, entryPoint: request.entryPoint.address }, gasOf(op))
        return { policy, sponsorship: result.sponsorship, isNew: result.isNew }
      }
      refusals.push({ ...result.refusal, policyId: policy.id })
    }
    throw refused(refusals)
  }

  async function sign(
    request: SponsorRequest,
    { op, key, delegate, digest }: Assessment,
    { policy, id, window, isNew }: Unsigned,
  ): Promise<Hex> {
    const signature = await signer
      .sign(digest(policy, window), request.paymaster)
      .catch(async (reason: unknown) => {
        // What cannot be signed holds nothing back. Where that fails too, it ends with its window.
        const reserved = { key, policyId: policy.id, id, window }
        if (isNew) await ledger.abandon(reserved).catch(() => {})
        throw reason
      })
    const terms = { policyHash: policy.onChainHash, ...window, signature }
    const isParallel = request.parallel !== undefined
    // Whoever has the signature may move it to the other form, and the event names the hash of that.
    const forms = request.entryPoint.supports.paymasterSignature
      ? [isParallel, !isParallel]
      : [isParallel]
    const userOpHashes = forms.map((form) =>
      request.entryPoint.hash(
        { ...op, ...toSignedFields(terms, form), ...authorizationOf(op, delegate, chainId) },
        chainId,
      ),
    )
    return ledger.keepSignature({ key, id, window, signature, userOpHashes })
  }

  return {
    async stub(request) {
      const { limits, window, rulesOf, askedFor } = await assess(request)
      const refusals: PolicyRefusal[] = []
      for (const policy of request.policies) {
        const refusal = (await rulesOf(policy, 'stub')) ?? (await askedFor(policy, 'stub'))
        if (refusal) {
          refusals.push({ ...refusal, policyId: policy.id })
          continue
        }
        const isParallel = request.parallel !== undefined
        const terms = {
          policyHash: policy.onChainHash,
          // What the account may sign is final already.
          ...(isParallel ? window : stubWindow(window)),
          signature: stubSignature,
        }
        const fields = toSignedFields(terms, isParallel)
        return { paymaster: request.paymaster, ...fields, ...limits, policy }
      }
      throw refused(refusals)
    },

    async sponsor(request) {
      if (request.op.verificationGasLimit === 0n)
        throw new OperationIncompleteError('verificationGasLimit')
      if (request.op.maxFeePerGas === 0n) throw new OperationIncompleteError('maxFeePerGas')
      const assessment = await assess(request)
      const { policy, sponsorship, isNew } = await reserve(request, assessment)
      const { id, window } = sponsorship
      const signature =
        sponsorship.signature ?? (await sign(request, assessment, { policy, id, window, isNew }))
      const terms = { policyHash: policy.onChainHash, ...window, signature }
      const fields = toSignedFields(terms, request.parallel !== undefined)
      return { paymaster: request.paymaster, ...fields, ...assessment.limits, policy }
    },

    async dryRun(request) {
      const { tryRules } = await assess(request)
      const results = []
      for (const policy of request.policies) results.push({ policy, ...(await tryRules(policy)) })
      return results
    },
  }
}

/** Policies that may pay and the window to sign: the service's choice, or what the account has in its hands. */
function termsOf(
  { policies, parallel }: SponsorRequest,
  { window }: { window: SignatureWindow },
  keepUntil: number,
): {
  policies: readonly Policy[]
  window: SignatureWindow
  /** Window in the ledger's name of the operation: none where it is renewed when it ends. */
  named: SignatureWindow
} {
  // Its hash differs between the forms, so they are two operations.
  if (parallel?.paymasterData === undefined)
    return { policies, window, named: { validAfter: 0, validUntil: parallel ? 1 : 0 } }
  const chosen = chooseTerms(parallel.paymasterData, policies, window, keepUntil)
  if (chosen.kind === 'refused') throw refused([{ ...chosen.refusal, policyId: undefined }])
  return { ...chosen, named: chosen.window }
}

/** The hash of an operation with the EIP-7702 marker takes the delegate from its authorization. */
function authorizationOf(
  op: UserOperation,
  delegate: Address | undefined,
  chainId: number,
): { eip7702Auth?: SignedAuthorization } {
  if (op.eip7702Auth || !delegate) return {}
  return { eip7702Auth: { address: delegate, chainId, nonce: 0, r: '0x0', s: '0x0', yParity: 0 } }
}

function refused(refusals: readonly PolicyRefusal[]): SponsorshipRefusedError {
  const [first, ...others] = refusals
  return new SponsorshipRefusedError(
    first
      ? [first, ...others]
      : [
          {
            rule: 'policy.none',
            message: 'policy.none: the key has no policy',
            policyId: undefined,
          },
        ],
  )
}

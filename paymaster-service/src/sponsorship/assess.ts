import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address, Hash, Hex } from 'viem'
import type { ChainReader } from '../chain/chainReader.ts'
import type { PolicyGate, SponsorshipCaller } from '../gate/policyGate.ts'
import type { CapQuestion, Ledger, OperationKey, SignatureWindow } from '../ledger/ledger.ts'
import { selectorsOf } from '../policy/calls/selectors.ts'
import { checkRules, innerCalls } from '../policy/checkRules.ts'
import type { DryRun } from '../policy/dryRun.ts'
import { dryRun } from '../policy/dryRun.ts'
import type { GasLimits } from '../policy/gas/unusedGas.ts'
import type { Policy } from '../policy/policy.ts'
import { priceAt } from '../policy/price.ts'
import type { Refusal } from '../policy/refusal.ts'
import type { Question } from '../policy/willSponsor/question.ts'
import type { PriceSource } from '../price/priceSource.ts'
import { keccak } from '../signing/keccak.ts'
import { sponsorshipHasher } from '../signing/sponsoredOperation.ts'
import { withService } from './dryRunService.ts'
import { NotFollowingError, SponsorshipRefusedError } from './errors.ts'
import { lazy } from './lazy.ts'
import type { PaymasterGasLimits } from './paymasterGas.ts'
import { checkPaymasterGas, paymasterGasLimits } from './paymasterGas.ts'
import { creationOf, slotsOf } from './senderQuestion.ts'
import { delegateOf, toSponsorshipRequest } from './sponsorshipRequest.ts'

export type AssessParameters = {
  chainId: number
  chain: Pick<ChainReader, 'senderState'>
  ledger: Pick<Ledger, 'preview'>
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

/** A request with what the chain says about it, ready to be held against policies. */
export type Assessment = {
  /** With paymaster and its gas limits. */
  op: UserOperation
  limits: PaymasterGasLimits
  /** Unix seconds on the chain. */
  now: number
  /** EIP-7702 implementation that the sender runs. */
  delegate: Address | undefined
  key: OperationKey
  /** What a signature would be good for. */
  window: SignatureWindow
  questionFor(policy: Policy): CapQuestion
  /** Every rule but the caps and the webhook. */
  rulesOf(policy: Policy, stage: Question['stage']): Promise<Refusal | undefined>
  /** Caps and, last, the webhook. */
  askedFor(policy: Policy, stage: Question['stage']): Promise<Refusal | undefined>
  /** What every rule says, without counting or spending. */
  tryRules(policy: Policy): Promise<DryRun>
  /** Of the operation's call data it remembers the hash: everything that is signed has it inside. */
  keccak: typeof keccak
  /** What the paymaster's key signs. */
  digest(policy: Policy, window: SignatureWindow): Hash
}

/** Chain time may run ahead of a block's by this much, and two clocks differ. Seconds. */
export const clockSkew = 60

/**
 * Everything that stub and final data have in common.
 * @throws NotFollowingError, NodeUnavailableError, SponsorshipRefusedError for paymaster gas out of bounds
 */
export async function assess(
  parameters: AssessParameters,
  request: SponsorRequest,
): Promise<Assessment> {
  const { chainId, ledger, gate } = parameters
  const { paymaster, caller, policies } = request
  const entryPoint = request.entryPoint.address
  if (!parameters.following()) throw new NotFollowingError()
  const limits = paymasterGasLimits(request.op)
  const op: UserOperation = { ...request.op, ...limits, paymaster }
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
  const price = priceAt(ether, now, parameters.priceMaxAge)
  const key = { chainId, paymaster, sender: op.sender, nonce: op.nonce }
  const callDataHash = lazy(() => keccak(op.callData))
  const hashOf = lazy(() =>
    sponsorshipHasher({ chainId, entryPoint, paymaster, op, delegate, keccak: hash }),
  )
  function hash(data: Hex): Hash {
    return data === op.callData ? callDataHash() : keccak(data)
  }

  /** The operation as one policy sees it. Its calls are decoded at most once. */
  const views = new Map(
    policies.map((policy) => {
      const facts = toSponsorshipRequest({
        ...{ op, state, chainId, entryPoint, now },
        origin: caller.origin,
        estimate: request.estimate,
        gasPast: gate.gasPast(policy, op.sender),
      })
      return [policy, { facts, calls: lazy(() => innerCalls(policy, facts)) }]
    }),
  )
  const viewOf = (policy: Policy) => {
    const view = views.get(policy)
    if (!view) throw new RangeError(`policy ${policy.id} was not asked about`)
    return view
  }
  const questionFor = (policy: Policy) => ({
    ...key,
    ...{ policy, amount, price, now },
    selectors: selectorsOf(viewOf(policy).calls() ?? []),
  })
  const takeRequest = (policy: Policy, stage: Question['stage']) =>
    gate.takeRequest(policy, { sender: op.sender, key: caller.rateKey }, stage)
  const checkCaps = (policy: Policy) => ledger.preview(questionFor(policy))
  const askWebhook = (policy: Policy, stage: Question['stage']) =>
    gate.willSponsor(policy, { stage, caller, request: viewOf(policy).facts, op, maxCost: amount })

  return {
    ...{ op, limits, now, delegate, key, questionFor, keccak: hash },
    window: { validAfter: now - clockSkew, validUntil: now + parameters.windowSeconds },
    async rulesOf(policy, stage) {
      const { facts, calls } = viewOf(policy)
      return checkRules(policy, facts, calls) ?? (await takeRequest(policy, stage))
    },
    askedFor: async (policy, stage) =>
      (await checkCaps(policy)) ?? (await askWebhook(policy, stage)),
    tryRules: async (policy) =>
      withService(dryRun(policy, viewOf(policy).facts), {
        rate: () => takeRequest(policy, 'dry-run'),
        caps: () => checkCaps(policy),
        'will-sponsor': () => askWebhook(policy, 'dry-run'),
      }),
    digest: (policy, window) => hashOf()({ policyHash: policy.onChainHash, ...window }),
  }
}

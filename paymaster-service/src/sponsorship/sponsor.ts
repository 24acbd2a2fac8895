import type { UserOperation } from '@fabstir/erc4337'
import type { Address, Hash, Hex, SignedAuthorization } from 'viem'
import type { Ledger, SignatureOf, SignatureWindow, Sponsorship } from '../ledger/ledger.ts'
import type { DryRun } from '../policy/dryRun.ts'
import type { Policy } from '../policy/policy.ts'
import type { Assessment, AssessParameters, SponsorRequest } from './assess.ts'
import { assess, clockSkew } from './assess.ts'
import type { PolicyRefusal } from './errors.ts'
import { OperationIncompleteError, refused } from './errors.ts'
import type { SignedFields } from './parallelTerms.ts'
import { chooseTerms, toSignedFields } from './parallelTerms.ts'
import type { PaymasterGasLimits } from './paymasterGas.ts'
import { gasOf } from './paymasterGas.ts'
import { stubSignature, stubWindow } from './stub.ts'

export type { SponsorRequest } from './assess.ts'

export type SponsorParameters = AssessParameters & {
  ledger: Pick<Ledger, 'reserve' | 'find' | 'preview' | 'keepSignature' | 'abandon'>
  /** Signs for one paymaster; a signer signs for all of them alike. */
  signer: {
    sign(digest: Hash, paymaster: Address): Promise<Hex>
    /** At once, where a key of this process signs. */
    signNow?(digest: Hash, paymaster: Address): Hex | undefined
  }
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
type Unsigned = { policy: Policy; id: Hash; window: SignatureWindow }

/** A signature with less than this left is renewed instead of given again. Seconds. */
const leastValidity = 60

/** Longest window of a signature, seconds: SponsorPaymaster takes one hour from `validAfter`. */
export const maxWindowSeconds = 3_600 - clockSkew

/** The use case of the service: rules, reservation, signature, in this order. */
export function createSponsor(parameters: SponsorParameters): Sponsor {
  const { chainId, ledger, signer, gate } = parameters

  /** A key of this process signs within the transaction of the reservation, any other one after it. */
  async function reserve(
    request: SponsorRequest,
    assessment: Assessment,
  ): Promise<{ policy: Policy; sponsorship: Sponsorship }> {
    const { op, now, key, questionFor, rulesOf, askedFor, digest } = assessment
    const keepUntil = now + leastValidity
    const { app, keyId } = request.caller
    const origin = app === undefined ? {} : { origin: { app, keyId } }
    const { policies, window, named } = termsOf(request, assessment, keepUntil)
    const ids = new Map(policies.map((policy) => [digest(policy, named), policy]))
    // Another policy than now may have paid when the operation was asked for first. And what was
    // answered is not counted or asked again.
    const asks = policies.some(({ document }) => document.rate ?? document.willSponsor)
    const earlier =
      ids.size > 1 || asks ? await ledger.find(key, [...ids.keys()], keepUntil) : undefined
    const paying = earlier && ids.get(earlier.id)
    if (earlier && paying) return { policy: paying, sponsorship: earlier }

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
      const result = await ledger.reserve({
        ...questionFor(policy),
        ...origin,
        ...{ id, window, keepUntil },
        sign() {
          const signature = signer.signNow?.(digest(policy, window), request.paymaster)
          return signature && signed(request, assessment, { policy, window, signature })
        },
      })
      if (result.kind === 'reserved') {
        gate.sponsored(policy, { ...key, entryPoint: request.entryPoint.address }, gasOf(op))
        return { policy, sponsorship: result.sponsorship }
      }
      refusals.push({ ...result.refusal, policyId: policy.id })
    }
    throw refused(refusals)
  }

  async function sign(
    request: SponsorRequest,
    assessment: Assessment,
    { policy, id, window }: Unsigned,
  ): Promise<Hex> {
    const { key } = assessment
    const signature = await signer
      .sign(assessment.digest(policy, window), request.paymaster)
      .catch(async (reason: unknown) => {
        // What cannot be signed holds nothing back. Where that fails too, it ends with its window.
        const reserved = { key, policyId: policy.id, id, window }
        await ledger.abandon(reserved).catch(() => {})
        throw reason
      })
    return ledger.keepSignature({
      ...{ key, id, window },
      ...signed(request, assessment, { policy, window, signature }),
    })
  }

  function signed(
    { entryPoint, parallel }: SponsorRequest,
    { op, delegate, keccak }: Assessment,
    terms: { policy: Policy; window: SignatureWindow; signature: Hex },
  ): SignatureOf {
    const isParallel = parallel !== undefined
    // Whoever has the signature may move it to the other form, and the event names the hash of that.
    const forms = entryPoint.supports.paymasterSignature ? [isParallel, !isParallel] : [isParallel]
    const authorization = authorizationOf(op, delegate, chainId)
    const hashOf = (form: boolean) =>
      entryPoint.hash({ ...op, ...fieldsOf(terms, form), ...authorization }, chainId, keccak)
    return { signature: terms.signature, userOpHashes: forms.map(hashOf) }
  }

  return {
    async stub(request) {
      const { limits, window, rulesOf, askedFor } = await assess(parameters, request)
      const refusals: PolicyRefusal[] = []
      for (const policy of request.policies) {
        const refusal = (await rulesOf(policy, 'stub')) ?? (await askedFor(policy, 'stub'))
        if (refusal) {
          refusals.push({ ...refusal, policyId: policy.id })
          continue
        }
        const isParallel = request.parallel !== undefined
        const terms = {
          policy,
          // What the account may sign is final already.
          window: isParallel ? window : stubWindow(window),
          signature: stubSignature,
        }
        return {
          paymaster: request.paymaster,
          ...fieldsOf(terms, isParallel),
          ...limits,
          policy,
        }
      }
      throw refused(refusals)
    },

    async sponsor(request) {
      if (request.op.verificationGasLimit === 0n)
        throw new OperationIncompleteError('verificationGasLimit')
      if (request.op.maxFeePerGas === 0n) throw new OperationIncompleteError('maxFeePerGas')
      const assessment = await assess(parameters, request)
      const { policy, sponsorship } = await reserve(request, assessment)
      const { id, window } = sponsorship
      const signature =
        sponsorship.signature ?? (await sign(request, assessment, { policy, id, window }))
      const fields = fieldsOf({ policy, window, signature }, request.parallel !== undefined)
      return { paymaster: request.paymaster, ...fields, ...assessment.limits, policy }
    },

    async dryRun(request) {
      const { tryRules } = await assess(parameters, request)
      const results = []
      for (const policy of request.policies) results.push({ policy, ...(await tryRules(policy)) })
      return results
    },
  }
}

function fieldsOf(
  { policy, window, signature }: { policy: Policy; window: SignatureWindow; signature: Hex },
  isParallel: boolean,
): SignedFields {
  return toSignedFields({ policyHash: policy.onChainHash, ...window, signature }, isParallel)
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

import type { Hex } from 'viem'
import type { EstimateGas, GasEstimate } from '../../estimate/bundlerEstimate.ts'
import { toSignedFields } from '../../sponsorship/parallelTerms.ts'
import { paymasterGasLimits } from '../../sponsorship/paymasterGas.ts'
import type { SponsorRequest } from '../../sponsorship/sponsor.ts'
import { stubSignature } from '../../sponsorship/stub.ts'

/** Seconds: the window of what is never signed. */
const stubSeconds = 600

/**
 * What an operation needs, where a policy that may pay bounds its unused gas by an estimate. The
 * bundler sees the fields of a stub: nothing is reserved or counted for it.
 * @param signature Of the account, or a dummy of the right shape.
 * @param now Unix seconds.
 * @throws EstimateRefusedError with the bundler's own words, BundlerUnavailableError
 */
export async function estimateWithStub(
  { op, entryPoint, paymaster, policies, parallel }: SponsorRequest,
  { estimate, signature, now }: { estimate: EstimateGas; signature: Hex; now: number },
): Promise<GasEstimate | undefined> {
  const policy = policies.find(({ document }) => document.unusedGas)
  if (!policy) return undefined
  const terms = {
    policyHash: policy.onChainHash,
    validAfter: now,
    validUntil: now + stubSeconds,
    signature: stubSignature,
  }
  const fields = toSignedFields(terms, parallel !== undefined)
  // What the account has signed, where it signs before the paymaster.
  const paymasterData = parallel?.paymasterData ?? fields.paymasterData
  return estimate(
    { ...op, ...paymasterGasLimits(op), paymaster, ...fields, paymasterData, signature },
    entryPoint,
  )
}

import { checkGasLimits, checkUnusedGas } from '../gas/unusedGas.ts'
import type { Policy } from '../policy.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { SponsorshipRequest } from './sponsorshipRequest.ts'

/** Rule `chain.not-allowed`. */
export function checkChain(
  { document }: Policy,
  { chainId }: SponsorshipRequest,
): Refusal | undefined {
  if (document.chains.includes(chainId)) return undefined
  return refuse('chain.not-allowed', `chain ${chainId} is not one of ${document.chains.join(', ')}`)
}

/** Rule `entry-point.not-allowed`. */
export function checkEntryPoint(
  { entryPoints, document }: Policy,
  { entryPoint }: SponsorshipRequest,
): Refusal | undefined {
  if (entryPoints.has(entryPoint.toLowerCase())) return undefined
  return refuse(
    'entry-point.not-allowed',
    `EntryPoint ${entryPoint} is not one of ${document.entryPoints.join(', ')}`,
  )
}

/** Rules `time.not-started` and `time.ended`. */
export function checkTime({ document }: Policy, { now }: SponsorshipRequest): Refusal | undefined {
  const { from = 0, until } = document.time ?? {}
  if (now < from)
    return { ...refuse('time.not-started', `${now} is before ${from}`), resetsAt: from }
  if (until !== undefined && now > until)
    return { ...refuse('time.ended', `${now} is after ${until}`), resetsAt: null }
  return undefined
}

/** Rules `origin.missing` and `origin.not-allowed`. */
export function checkOrigin(
  { document: { origins } }: Policy,
  { origin }: SponsorshipRequest,
): Refusal | undefined {
  if (!origins) return undefined
  if (origin === undefined) return refuse('origin.missing', 'the request has no Origin header')
  if (origins.includes(origin)) return undefined
  return refuse('origin.not-allowed', `${origin.slice(0, 256)} is not on the list`)
}

/** Rules `gas.max-fee`, `gas.limit`, `gas.unused` and `gas.unused-before`. */
export function checkGas(policy: Policy, request: SponsorshipRequest): Refusal | undefined {
  const { maxFeePerGas, gas, estimate, gasPast } = request
  if (policy.maxFeePerGas !== undefined && maxFeePerGas > policy.maxFeePerGas)
    return refuse(
      'gas.max-fee',
      `maxFeePerGas ${maxFeePerGas} wei is above ${policy.maxFeePerGas} wei`,
    )
  const { gasLimits, unusedGas } = policy.document
  return checkGasLimits(gasLimits, gas) ?? checkUnusedGas(unusedGas, gas, estimate, gasPast)
}

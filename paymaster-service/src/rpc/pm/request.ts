import type { Policy } from '../../policy/policy.ts'
import type { PolicySource } from '../../policyVersions/policySource.ts'
import type { SponsorRequest } from '../../sponsorship/sponsor.ts'
import type { App } from '../caller.ts'
import { RpcError, rpcErrorCode } from '../errors.ts'
import type { SponsorshipParams } from '../schemas.ts'
import { invalidParams } from '../schemas.ts'
import type { ServedEntryPoint } from './served.ts'
import { findEntryPoint } from './served.ts'

export type RequestParameters = {
  chainId: number
  served: readonly ServedEntryPoint[]
  policies: Pick<PolicySource, 'policies'>
}

/**
 * What is asked of the sponsor.
 * @throws RpcError for a chain, an EntryPoint, a form or a policy that is not served.
 */
export async function toSponsorRequest(
  { policies, ...parameters }: RequestParameters,
  params: SponsorshipParams,
  app: App,
): Promise<SponsorRequest> {
  const { name, keyId, rateKey, origin } = app
  const served = findEntryPoint(parameters, params)
  assertForm(served, params)
  const { entryPoint, paymaster } = served
  return {
    entryPoint,
    paymaster,
    op: params.op,
    policies: await policiesOf(app, policies, params.policyId),
    caller: { app: name, keyId, rateKey, origin },
    ...(params.parallelSigning ? { parallel: { paymasterData: params.paymasterData } } : {}),
  }
}

/** @throws RpcError for fields and forms that the EntryPoint or its paymaster does not know. */
function assertForm(
  { entryPoint, paymaster, parallelSigning = false }: ServedEntryPoint,
  params: SponsorshipParams,
): void {
  const { version, supports } = entryPoint
  if (params.hasPaymasterSignature && !supports.paymasterSignature)
    throw invalidParams(
      'userOperation.paymasterSignature',
      `is not a field of a UserOperation of EntryPoint ${version}`,
    )
  if (params.op.eip7702Auth && !supports.eip7702)
    throw invalidParams(
      'userOperation.eip7702Auth',
      `is not a field of a UserOperation of EntryPoint ${version}`,
    )
  if (params.parallelSigning && !supports.paymasterSignature)
    throw invalidParams('context.parallelSigning', `needs EntryPoint 0.9, and this is ${version}`)
  if (params.parallelSigning && !parallelSigning)
    throw invalidParams(
      'context.parallelSigning',
      `the paymaster ${paymaster} is not configured to take signatures outside of the hash`,
    )
}

/** The policy that the context names, else those of the key in order. */
async function policiesOf(
  app: App,
  { policies }: Pick<PolicySource, 'policies'>,
  policyId: string | undefined,
): Promise<Policy[]> {
  const ids = policyId === undefined ? app.policyIds : app.policyIds.filter((id) => id === policyId)
  if (policyId !== undefined && ids.length === 0) {
    // The same answer whether it exists for another key or not at all.
    throw new RpcError(rpcErrorCode.refused, `policy.unknown: no policy ${policyId} for this key`, {
      rule: 'policy.unknown',
      remaining: null,
      resetsAt: null,
      policyId,
    })
  }
  return policies(ids)
}

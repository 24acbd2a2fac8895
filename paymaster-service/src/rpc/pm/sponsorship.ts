import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { numberToHex } from 'viem'
import type { Policy } from '../../policy/policy.ts'
import type { PolicySource } from '../../policyVersions/policySource.ts'
import type { PaymasterData, Sponsor, SponsorRequest } from '../../sponsorship/sponsor.ts'
import type { App } from '../caller.ts'
import { RpcError, rpcErrorCode } from '../errors.ts'
import type { SponsorshipParams } from '../schemas.ts'
import { parseSponsorshipParams } from '../schemas.ts'
import type { Method } from './methods.ts'

export type ServedEntryPoint = { entryPoint: EntryPointAdapter; paymaster: Address }

export type SponsorshipMethodParameters = {
  chainId: number
  served: readonly ServedEntryPoint[]
  policies: Pick<PolicySource, 'policies'>
  sponsor: Sponsor
}

/** `pm_getPaymasterStubData`, `pm_getPaymasterData` (ERC-7677) and `pm_dryRunPolicies`. */
export function sponsorshipMethods(
  parameters: SponsorshipMethodParameters,
): readonly (readonly [string, Method])[] {
  const { sponsor } = parameters
  const read = (params: unknown, app: App) =>
    toRequest(parameters, parseSponsorshipParams(params), app)
  return [
    [
      'pm_getPaymasterStubData',
      async (params, app) => {
        const data = await sponsor.stub(await read(params, app))
        const { sponsor: sponsorInfo = { name: app.name } } = data.policy.document
        return { ...formatPaymasterData(data), sponsor: sponsorInfo, isFinal: false }
      },
    ],
    [
      'pm_getPaymasterData',
      async (params, app) => formatPaymasterData(await sponsor.sponsor(await read(params, app))),
    ],
    [
      'pm_dryRunPolicies',
      async (params, app) => {
        return formatDryRun(await sponsor.dryRun(await read(params, app)))
      },
    ],
  ]
}

export function formatDryRun(results: Awaited<ReturnType<Sponsor['dryRun']>>) {
  return results.map(({ policy, refusal, verdicts, selectors }) => ({
    policyId: policy.id,
    ok: refusal === undefined,
    rule: refusal?.rule ?? null,
    remaining: refusal?.remaining === undefined ? null : `${refusal.remaining}`,
    resetsAt: refusal?.resetsAt ?? null,
    rules: verdicts.map(({ rule, refusal }) => ({
      rule,
      ok: refusal === undefined,
      message: refusal?.message ?? null,
    })),
    selectors,
  }))
}

function formatPaymasterData(data: PaymasterData) {
  return {
    paymaster: data.paymaster,
    paymasterData: data.paymasterData,
    paymasterVerificationGasLimit: numberToHex(data.paymasterVerificationGasLimit),
    paymasterPostOpGasLimit: numberToHex(data.paymasterPostOpGasLimit),
  }
}

async function toRequest(
  { policies, ...parameters }: SponsorshipMethodParameters,
  params: SponsorshipParams,
  app: App,
): Promise<SponsorRequest> {
  const { name, keyId, rateKey, origin } = app
  return {
    ...findEntryPoint(parameters, params),
    op: params.op,
    policies: await policiesOf(app, policies, params.policyId),
    caller: { app: name, keyId, rateKey, origin },
  }
}

/** @throws RpcError for a chain or an EntryPoint that is not served. */
export function findEntryPoint(
  { chainId, served }: Pick<SponsorshipMethodParameters, 'chainId' | 'served'>,
  params: Pick<SponsorshipParams, 'chainId' | 'entryPoint'>,
): ServedEntryPoint {
  if (params.chainId !== chainId) {
    throw new RpcError(
      rpcErrorCode.invalidParams,
      `chainId: ${params.chainId} is not served, only ${chainId} is`,
      { field: 'chainId' },
    )
  }
  const match = served.find(({ entryPoint }) => entryPoint.address === params.entryPoint)
  if (!match) {
    const addresses = served.map(({ entryPoint }) => entryPoint.address).join(', ')
    throw new RpcError(
      rpcErrorCode.invalidParams,
      `entryPoint: ${params.entryPoint} is not served; served: ${addresses}`,
      { field: 'entryPoint' },
    )
  }
  return match
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

import type { ServiceConfig } from '../config/schema.ts'
import { bundlerEstimate } from '../estimate/bundlerEstimate.ts'
import type { App } from '../rpc/caller.ts'
import type { Methods } from '../rpc/pm/methods.ts'
import type { Tokens } from '../rpc/pm/payers.ts'
import type { RequestParameters } from '../rpc/pm/request.ts'
import { sponsorshipMethods } from '../rpc/pm/sponsorship.ts'
import { tokenMethods } from '../rpc/pm/tokens.ts'
import type { Sponsor } from '../sponsorship/sponsor.ts'

export type MethodsParameters = Omit<RequestParameters, 'chainId'> & {
  config: Pick<ServiceConfig, 'chainId' | 'bundlerUrl'>
  sponsor: Sponsor
  /** Unix seconds. */
  clock: () => number
  /** Absent where there is no TokenPaymaster. */
  tokens: Tokens | undefined
  usage: (app: App) => Promise<unknown>
}

/** The JSON-RPC methods of the service, by name. */
export function methodsOf({
  config: { chainId, bundlerUrl },
  served,
  policies,
  sponsor,
  tokens,
  usage,
  clock,
}: MethodsParameters): Methods {
  return new Map([
    ['pm_supportedEntryPoints', async () => served.map(({ entryPoint }) => entryPoint.address)],
    ['pm_getUsage', async (_params, app) => usage(app)],
    ...sponsorshipMethods({
      chainId,
      served,
      policies,
      sponsor,
      tokens,
      clock,
      estimate: bundlerUrl === undefined ? undefined : bundlerEstimate(bundlerUrl),
    }),
    ...(tokens ? tokenMethods({ chainId, ...tokens }) : []),
  ])
}

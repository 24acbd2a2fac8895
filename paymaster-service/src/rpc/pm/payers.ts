import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { EstimateGas, GasEstimate } from '../../estimate/bundlerEstimate.ts'
import type { Sponsor } from '../../sponsorship/sponsor.ts'
import type { TokenPaymaster, TokenPayments } from '../../tokens/tokenPayments.ts'
import type { App } from '../caller.ts'
import type { SponsorshipParams } from '../schemas.ts'
import { invalidParams } from '../schemas.ts'
import { estimateWithStub } from './estimateWithStub.ts'
import type { PaymasterFields } from './format.ts'
import { formatSponsor } from './format.ts'
import type { RequestParameters } from './request.ts'
import { toSponsorRequest } from './request.ts'
import { findEntryPoint } from './served.ts'

export type Tokens = { payers: readonly TokenPaymaster[]; payments: TokenPayments }

/** Who pays for an operation: a policy, or the sender in a token, as its context says. */
export type Payers = {
  stub(
    params: SponsorshipParams,
    app: App,
  ): Promise<{
    fields: PaymasterFields
    sponsor: { name: string; icon?: string }
    entryPoint: EntryPointAdapter
  }>
  /** @param estimate What an estimate says that the operation needs, where there is one already. */
  data(params: SponsorshipParams, app: App, estimate?: GasEstimate): Promise<PaymasterFields>
}

export type PayerParameters = RequestParameters & {
  sponsor: Pick<Sponsor, 'stub' | 'sponsor'>
  /** Absent where there is no TokenPaymaster. */
  tokens?: Tokens | undefined
  /** Absent without a bundler: policies with a bound on unused gas hold it over what is included alone. */
  estimate?: EstimateGas | undefined
  /** Unix seconds. */
  clock: () => number
}

export function createPayers(parameters: PayerParameters): Payers {
  const { chainId, sponsor, tokens, estimate, clock } = parameters

  /** `undefined` for an operation that asks for a sponsor. */
  function tokenRequestOf(params: SponsorshipParams, { name: app }: App) {
    const { token, op } = params
    if (token === undefined) return undefined
    if (!tokens) throw invalidParams('context.token', 'this service takes no tokens for gas')
    if (params.parallelSigning)
      throw invalidParams('context.parallelSigning', 'is not possible where a token pays')
    const { payments, payers } = tokens
    return {
      payments,
      request: { ...findEntryPoint({ chainId, served: payers }, params), op, token, app },
    }
  }

  return {
    async stub(params, app) {
      const asked = tokenRequestOf(params, app)
      if (asked) {
        const fields = await asked.payments.stub(asked.request)
        return { fields, sponsor: { name: app.name }, entryPoint: asked.request.entryPoint }
      }
      const request = await toSponsorRequest(parameters, params, app)
      const fields = await sponsor.stub(request)
      return {
        fields,
        sponsor: formatSponsor(fields.policy, app.name),
        entryPoint: request.entryPoint,
      }
    },

    async data(params, app, known) {
      const asked = tokenRequestOf(params, app)
      if (asked) return asked.payments.data(asked.request)
      const request = await toSponsorRequest(parameters, params, app)
      const { signature } = params
      const needed =
        known ??
        (estimate && (await estimateWithStub(request, { estimate, signature, now: clock() })))
      return sponsor.sponsor({ ...request, estimate: needed })
    },
  }
}

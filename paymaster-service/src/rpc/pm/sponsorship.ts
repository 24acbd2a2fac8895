import type { Sponsor } from '../../sponsorship/sponsor.ts'
import { parseSponsorshipParams, parseValidationParams } from '../schemas.ts'
import { formatDryRun, formatPaymasterFields, formatPolicy } from './format.ts'
import type { Method } from './methods.ts'
import type { PayerParameters } from './payers.ts'
import { createPayers } from './payers.ts'
import { toSponsorRequest } from './request.ts'
import { sponsorOnce } from './sponsorOnce.ts'

/**
 * `pm_getPaymasterStubData`, `pm_getPaymasterData` (ERC-7677), `pm_sponsorUserOperation`,
 * `pm_validateSponsorshipPolicies` (permissionless) and `pm_dryRunPolicies`.
 */
export function sponsorshipMethods(
  parameters: PayerParameters & { sponsor: Sponsor },
): readonly (readonly [string, Method])[] {
  const { sponsor, estimate } = parameters
  const payers = createPayers(parameters)
  return [
    [
      'pm_getPaymasterStubData',
      async (params, app) => {
        const asked = parseSponsorshipParams(params)
        const { fields, sponsor: shown } = await payers.stub(asked, app)
        return { ...formatPaymasterFields(fields), sponsor: shown, isFinal: false }
      },
    ],
    [
      'pm_getPaymasterData',
      async (params, app) =>
        formatPaymasterFields(await payers.data(parseSponsorshipParams(params), app)),
    ],
    ['pm_sponsorUserOperation', sponsorOnce(payers, estimate)],
    [
      'pm_validateSponsorshipPolicies',
      async (params, app) => {
        const { ids, ...asked } = parseValidationParams(params)
        const request = await toSponsorRequest(parameters, asked, app)
        // Whether others exist than those of the key is nobody's business.
        const policies = request.policies.filter(({ id }) => ids.includes(id))
        const results = await sponsor.dryRun({ ...request, policies })
        return results
          .filter(({ refusal }) => refusal === undefined)
          .map(({ policy }) => formatPolicy(policy))
      },
    ],
    [
      'pm_dryRunPolicies',
      async (params, app) => {
        const request = await toSponsorRequest(parameters, parseSponsorshipParams(params), app)
        return formatDryRun(await sponsor.dryRun(request))
      },
    ],
  ]
}

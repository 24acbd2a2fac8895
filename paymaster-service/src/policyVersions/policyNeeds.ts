import { needsPrice } from '../policy/capsDocument.ts'
import type { Policy } from '../policy/policy.ts'
import { webhookUrlProblem } from '../webhooks/post.ts'

/** What the configuration of a service has that policies may need. */
export type PolicyMeans = {
  /** Whether there is a secret for the willSponsor webhook of a policy. */
  hasWillSponsorSecret: (policyId: string) => boolean
  /** Whether there is a price of ether. */
  hasPrice: boolean
  /** Whether there is a bundler that estimates gas. */
  hasEstimates: boolean
  allowPrivateWebhooks: boolean
}

/** The means that options give. */
export function policyMeans({
  willSponsorSecrets,
  etherPriceUsd,
  priceFeed,
  bundlerUrl,
  allowPrivateWebhooks,
}: {
  willSponsorSecrets: Readonly<Record<string, string>>
  etherPriceUsd?: string | undefined
  priceFeed?: string | undefined
  bundlerUrl?: string | undefined
  allowPrivateWebhooks: boolean
}): PolicyMeans {
  return {
    hasWillSponsorSecret: (policyId) => Object.hasOwn(willSponsorSecrets, policyId),
    hasPrice: etherPriceUsd !== undefined || priceFeed !== undefined,
    hasEstimates: bundlerUrl !== undefined,
    allowPrivateWebhooks,
  }
}

/** Why a policy could never pay here, or one of its rules never hold: its fields, each with what is missing. */
export function unmetNeeds(
  { id, caps, document }: Policy,
  means: PolicyMeans,
): { field: string; message: string }[] {
  const { willSponsor, unusedGas } = document
  const problems = []
  const url = willSponsor && webhookUrlProblem(willSponsor.url, means.allowPrivateWebhooks)
  if (url !== undefined) problems.push({ field: 'willSponsor.url', message: url })
  if (willSponsor && !means.hasWillSponsorSecret(id))
    problems.push({
      field: 'willSponsor',
      message: `no secret is configured for policy ${id}: give it one in willSponsorSecrets`,
    })
  if (needsPrice(caps) && !means.hasPrice)
    problems.push({
      field: 'caps',
      message: `policy ${id} has caps in USD and there is no price of ether: give priceFeed or etherPriceUsd`,
    })
  if (unusedGas && !unusedGas.remembered && !means.hasEstimates)
    problems.push({
      field: 'unusedGas',
      message: 'nothing estimates what operations need: give bundlerUrl, or remembered',
    })
  return problems
}

import type { Registry } from 'prom-client'
import { Counter } from 'prom-client'
import { SponsorshipRefusedError } from '../../sponsorship/errors.ts'
import type { Sponsor } from '../../sponsorship/sponsor.ts'
import type { TokenPayments } from '../../tokens/tokenPayments.ts'
import { metric } from './metric.ts'

/** Counts what a sponsor, and who takes tokens, says, by rule where it refuses. */
export function sponsorshipMetrics(registry: Registry): {
  sponsor: (sponsor: Sponsor) => Sponsor
  tokenPayments: (payments: TokenPayments) => TokenPayments
} {
  const asked = new Counter({
    ...metric(
      registry,
      'sponsorships_total',
      'Requests for paymaster data by stage (stub, final, and token-stub, token-final where a token pays) and outcome (given, refused, failed)',
    ),
    labelNames: ['stage', 'outcome'],
  })
  const refusals = new Counter({
    ...metric(registry, 'refusals_total', 'Refused requests by the rule of the first policy'),
    labelNames: ['rule'],
  })

  async function count<result>(stage: string, ask: () => Promise<result>): Promise<result> {
    let outcome = 'failed'
    try {
      const result = await ask()
      outcome = 'given'
      return result
    } catch (error) {
      if (error instanceof SponsorshipRefusedError) {
        outcome = 'refused'
        // Rules are words of the code, so there are few.
        refusals.inc({ rule: error.refusals[0].rule })
      }
      throw error
    } finally {
      asked.inc({ stage, outcome })
    }
  }

  return {
    sponsor: (sponsor) => ({
      ...sponsor,
      stub: (request) => count('stub', () => sponsor.stub(request)),
      sponsor: (request) => count('final', () => sponsor.sponsor(request)),
    }),
    tokenPayments: (payments) => ({
      ...payments,
      stub: (request) => count('token-stub', () => payments.stub(request)),
      data: (request) => count('token-final', () => payments.data(request)),
    }),
  }
}

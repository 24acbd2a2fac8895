import type { Sponsor, SponsorRequest } from '../sponsorship/sponsor.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { operationData, orTellRefusal } from './announceRefusal.ts'

/** A sponsor that tells webhooks what it was asked for and what it refused. What it pays for, the ledger tells. */
export function announceSponsorship(
  sponsor: Sponsor,
  outbox: Pick<Outbox, 'announce'>,
  clock: () => number,
): Sponsor {
  const ask = <result>(
    request: SponsorRequest,
    stage: 'stub' | 'final',
    answer: () => Promise<result>,
  ) =>
    orTellRefusal(
      outbox,
      {
        app: request.caller.app ?? null,
        at: clock,
        data: { ...operationData(request), stage },
      },
      answer,
    )

  return {
    stub: (request) => ask(request, 'stub', () => sponsor.stub(request)),
    async sponsor(request) {
      const { app = null } = request.caller
      await outbox.announce({
        type: 'sponsorship.requested',
        app,
        at: clock(),
        data: operationData(request),
      })
      return ask(request, 'final', () => sponsor.sponsor(request))
    },
    dryRun: sponsor.dryRun,
  }
}

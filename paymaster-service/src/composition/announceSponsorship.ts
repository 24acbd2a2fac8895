import { numberToHex } from 'viem'
import { SponsorshipRefusedError } from '../sponsorship/errors.ts'
import type { Sponsor, SponsorRequest } from '../sponsorship/sponsor.ts'
import type { Outbox } from '../webhooks/outbox.ts'

/** A sponsor that tells webhooks what it was asked for and what it refused. What it pays for, the ledger tells. */
export function announceSponsorship(
  sponsor: Sponsor,
  { announce }: Pick<Outbox, 'announce'>,
  clock: () => number,
): Sponsor {
  const about = ({ op, entryPoint, paymaster, caller }: SponsorRequest) => ({
    app: caller.app ?? null,
    at: clock(),
    data: {
      entryPoint: entryPoint.address,
      paymaster,
      sender: op.sender,
      nonce: numberToHex(op.nonce),
    },
  })

  async function orTellRefusal<result>(
    request: SponsorRequest,
    stage: 'stub' | 'final',
    ask: () => Promise<result>,
  ): Promise<result> {
    try {
      return await ask()
    } catch (error) {
      if (error instanceof SponsorshipRefusedError) {
        const { data, ...event } = about(request)
        const refusals = error.refusals.map(({ rule, message, policyId }) => ({
          rule,
          message,
          policyId: policyId ?? null,
        }))
        await announce({
          type: 'sponsorship.refused',
          ...event,
          data: { ...data, stage, refusals },
        })
      }
      throw error
    }
  }

  return {
    stub: (request) => orTellRefusal(request, 'stub', () => sponsor.stub(request)),
    async sponsor(request) {
      await announce({ type: 'sponsorship.requested', ...about(request) })
      return orTellRefusal(request, 'final', () => sponsor.sponsor(request))
    },
    dryRun: sponsor.dryRun,
  }
}

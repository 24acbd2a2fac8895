import type { Advance } from '../ledger.ts'
import type { LedgerDatabase } from './schema.ts'

/** Seconds after its end until a sponsorship that was not paid is forgotten: longer than any reorg. */
const keptSponsorships = 86_400
/** Seconds after its window until a bucket is forgotten: no sponsorship is live in it any more. */
const keptBuckets = 7 * 86_400

/**
 * Removes what is in no account any more: without this, whoever never sends what is signed fills
 * the disk. What was paid stays.
 */
export async function forget(
  db: LedgerDatabase,
  { chainId, expireBefore }: Pick<Advance, 'chainId' | 'expireBefore'>,
): Promise<void> {
  // Without a subquery: on PostgreSQL a row that is reserved anew at this moment is looked at again, and stays.
  await db
    .deleteFrom('sponsorships')
    .where('state', 'in', ['released', 'expired'])
    .where('valid_until', '<', expireBefore - keptSponsorships)
    .where('chain_id', '=', chainId)
    .execute()
  await db
    .deleteFrom('buckets')
    .where('ends_at', '<', expireBefore - keptBuckets)
    .execute()
}

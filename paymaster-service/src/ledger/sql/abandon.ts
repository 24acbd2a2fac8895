import type { Reserved } from '../ledger.ts'
import type { Books } from './books.ts'
import { operationKey } from './rows.ts'
import type { SponsorshipRow } from './schema.ts'

/** Releases a reservation that nobody has a signature of. */
export async function abandon(books: Books, { key, id, window }: Reserved): Promise<void> {
  const name = operationKey(key)
  const rows = await books.rows(name)
  const row = rows.find((each) => each.id === id)
  // Signed by somebody else meanwhile, or before and renewed: that signature may still be used.
  if (row?.state !== 'reserved' || row.signature !== null || row.user_op_hash !== null) return
  if (row.valid_until !== window.validUntil) return
  books.write(
    name,
    rows.map((each) => (each === row ? { ...row, state: 'released' } : each)),
  )
}

/** Released without a block: {@link abandon} did it. */
export function isAbandoned({ state, block_number }: SponsorshipRow): boolean {
  return state === 'released' && block_number === null
}

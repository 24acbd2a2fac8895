import type { Hex } from 'viem'
import { ReservationGoneError } from '../errors.ts'
import type { Signed } from '../ledger.ts'
import { isAbandoned } from './abandon.ts'
import type { Books } from './books.ts'
import { operationKey, withHashes } from './rows.ts'

/**
 * Keeps the first signature of a sponsorship and returns the kept one.
 * @throws ReservationGoneError
 */
export async function keepSignature(
  books: Books,
  { key, id, window, signature, userOpHashes }: Signed,
): Promise<Hex> {
  const rows = await books.rows(operationKey(key))
  const row = rows.find((each) => each.id === id)
  // Given back, or made or renewed anew since: nothing is held for a signature with this window.
  if (row?.valid_until !== window.validUntil || isAbandoned(row)) throw new ReservationGoneError()
  if (row.signature !== null) return row.signature as Hex
  const kept = withHashes({ ...row, signature }, userOpHashes)
  books.write(
    operationKey(key),
    rows.map((each) => (each === row ? kept : each)),
  )
  return signature
}

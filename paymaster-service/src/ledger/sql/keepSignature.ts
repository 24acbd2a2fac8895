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
  if (!row) return signature
  // Nothing is held for it any more.
  if (isAbandoned(row)) throw new ReservationGoneError()
  // Renewed meanwhile: this signature is for a window that is no longer the row's. It may be used all the same.
  const isRows = row.valid_until === window.validUntil
  if (isRows && row.signature !== null) return row.signature as Hex
  const kept = withHashes(isRows ? { ...row, signature } : row, userOpHashes)
  books.write(
    operationKey(key),
    rows.map((each) => (each === row ? kept : each)),
  )
  return signature
}

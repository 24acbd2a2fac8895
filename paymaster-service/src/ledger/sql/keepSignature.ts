import type { Hex } from 'viem'
import type { Signed } from '../ledger.ts'
import type { Books } from './books.ts'
import { operationKey } from './rows.ts'

/** Keeps the first signature of a sponsorship and returns the kept one. */
export async function keepSignature(
  books: Books,
  { key, id, window, signature, userOpHash }: Signed,
): Promise<Hex> {
  const rows = await books.rows(operationKey(key))
  const row = rows.find((each) => each.id === id)
  // Renewed meanwhile: this signature is for a window that is no longer the row's.
  if (row?.valid_until !== window.validUntil) return signature
  if (row.signature !== null) return row.signature as Hex
  books.write(
    operationKey(key),
    rows.map((each) => (each === row ? { ...row, signature, user_op_hash: userOpHash } : each)),
  )
  return signature
}

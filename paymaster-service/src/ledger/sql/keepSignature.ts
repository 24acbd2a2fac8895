import type { Hash, Hex } from 'viem'
import type { SignatureWindow } from '../ledger.ts'
import type { LedgerTransaction } from './rows.ts'

/** Keeps the first signature of a sponsorship and returns the kept one. */
export async function keepSignature(
  trx: LedgerTransaction,
  id: Hash,
  window: SignatureWindow,
  { signature, userOpHash }: { signature: Hex; userOpHash: Hash },
): Promise<Hex> {
  const row = await trx
    .selectFrom('sponsorships')
    .select(['signature', 'valid_until'])
    .where('id', '=', id)
    .executeTakeFirst()
  // Renewed meanwhile: this signature is for a window that is no longer the row's.
  if (row?.valid_until !== window.validUntil) return signature
  if (row.signature !== null) return row.signature as Hex
  await trx
    .updateTable('sponsorships')
    .set({ signature, user_op_hash: userOpHash })
    .where('id', '=', id)
    .execute()
  return signature
}

import type { Hash } from 'viem'
import type { Advance, Reservation, ReserveRequest } from './ledger.ts'
import type { LedgerTransaction } from './sql/rows.ts'

/**
 * Told what the ledger does, in the transaction in which it does it: what an observer writes holds
 * when the change holds, and not otherwise. Transactions may run again.
 */
export type LedgerObserver = {
  reserved(trx: LedgerTransaction, request: ReserveRequest, result: Reservation): Promise<void>
  /** A signature of a sponsorship was kept, perhaps not for the first time. */
  signed(trx: LedgerTransaction, id: Hash): Promise<void>
  /** The ledger follows the chain up to a block, perhaps not for the first time. */
  advanced(trx: LedgerTransaction, changes: Advance): Promise<void>
}

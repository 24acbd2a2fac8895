import type { Advance, Signed } from './ledger.ts'
import type { LedgerDatabase } from './sql/schema.ts'

/**
 * Told what the ledger did, in the transaction in which it did it and after everything is written:
 * what an observer writes holds when the change holds, and not otherwise. Transactions may run again.
 */
export type LedgerObserver = {
  /** Signatures that were kept, perhaps not for the first time. */
  signed(trx: LedgerDatabase, signed: readonly Signed[]): Promise<void>
  /** The ledger follows the chain up to a block. */
  advanced(trx: LedgerDatabase, changes: Advance): Promise<void>
}

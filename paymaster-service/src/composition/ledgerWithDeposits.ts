import type { DepositWatcher } from '../deposits/depositWatcher.ts'
import type { Ledger } from '../ledger/ledger.ts'

/** A ledger that promises no more than the paymaster's deposit pays (rule `deposit.low`). */
export function ledgerWithDeposits(
  ledger: Ledger,
  { readingOf }: Pick<DepositWatcher, 'readingOf'>,
): Ledger {
  return {
    ...ledger,
    reserve: async (request) =>
      ledger.reserve({ ...request, deposit: await readingOf(request.paymaster) }),
    preview: async (question) =>
      ledger.preview({ ...question, deposit: await readingOf(question.paymaster) }),
  }
}

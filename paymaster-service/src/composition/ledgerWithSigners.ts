import type { Address } from 'viem'
import type { Ledger } from '../ledger/ledger.ts'
import type { PaymasterSigners } from '../signing/paymasterSigners.ts'
import { SignerUnavailableError } from '../signing/paymasterSigners.ts'

/**
 * A ledger that holds nothing back for a paymaster that no live key signs for: such a reservation could
 * only expire, against the budget until then and against its sender after it.
 * Its `reserve` and `preview` throw SignerUnavailableError.
 */
export function ledgerWithSigners(
  ledger: Ledger,
  { signerOf }: Pick<PaymasterSigners, 'signerOf'>,
): Ledger {
  async function assertSigner(paymaster: Address): Promise<void> {
    if (!(await signerOf(paymaster))) throw new SignerUnavailableError(paymaster)
  }
  return {
    ...ledger,
    async reserve(request) {
      await assertSigner(request.paymaster)
      return ledger.reserve(request)
    },
    async preview(question) {
      await assertSigner(question.paymaster)
      return ledger.preview(question)
    },
  }
}

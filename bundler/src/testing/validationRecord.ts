import type { ValidationDependencies } from '../types/validationRecord.ts'
import { testAddress, testHash } from './pooledOperation.ts'

/** What the validation of an operation of sender 1 depended on, for tests. */
export function testDependencies(
  fields: Partial<ValidationDependencies> = {},
): ValidationDependencies {
  const sender = testAddress(1)
  return {
    slots: [{ address: sender, slot: testHash(1), value: testHash(7) }],
    codes: [{ address: sender, codeHash: testHash(8) }],
    payments: [{ from: sender, amount: 2n ** 70n }],
    readsBalances: false,
    contextSize: 32,
    gasUsed: { account: 60_000n },
    ...fields,
  }
}

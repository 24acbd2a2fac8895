import { expect, test } from 'vitest'
import { changes, hash, request, start, terms } from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'
import { maxEnded } from './sql/advance.ts'

onEveryStore((ledger) => {
  test('after an absence more signatures have ended than one transaction takes: all are released', async () => {
    const policy = terms()
    const count = maxEnded + 1
    await Promise.all(
      Array.from({ length: count }, (_, i) =>
        ledger().reserve(request({ id: hash(i), nonce: BigInt(i), amount: 1n })),
      ),
    )
    expect(await ledger().budget(policy, start)).toMatchObject({ reserved: BigInt(count) })
    const step = await ledger().follow(changes({ expireBefore: start + 601 }))
    expect(step).toMatchObject({ released: count })
    expect(await ledger().budget(policy, start)).toMatchObject({ reserved: 0n })
  })
})

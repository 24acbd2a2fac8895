import { expect, test } from 'vitest'
import { changes, charge, hash, request, signed, start, terms } from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'

/** A sender chooses which of its signatures is sent, and how: the hash of that operation need not be the one that was kept. */
onEveryStore((ledger) => {
  const cheapPolicy = terms({}, 'q')
  const budget = async (policy = terms()) => {
    const { reserved, settled } = await ledger().budget(policy, start)
    return { reserved, settled }
  }

  test('an earlier signature of the dear operation is not paid by the policy of the cheap one', async () => {
    const dear = request({ id: hash(1), amount: 900n })
    await ledger().reserve(dear)
    await ledger().keepSignature(signed(dear, '0x01', hash(7)))
    // Renewed a moment before its end, with another hash; the first signature is good for seconds more.
    const now = start + 550
    const renewed = {
      ...dear,
      now,
      keepUntil: now + 60,
      window: { validAfter: now, validUntil: now + 600 },
    }
    await ledger().reserve(renewed)
    await ledger().keepSignature(signed(renewed, '0x02', hash(9)))
    const cheap = request({ id: hash(2), policy: cheapPolicy, amount: 1n, now: now + 1 })
    await ledger().reserve(cheap)
    await ledger().keepSignature(signed(cheap, '0x03', hash(10)))

    const charges = [charge({ userOpHash: hash(7), cost: 800n })]
    expect(await ledger().follow(changes({ charges }))).toMatchObject({ settled: 1, unknown: [] })
    expect(await budget()).toEqual({ reserved: 0n, settled: 800n })
    expect(await budget(cheapPolicy)).toEqual({ reserved: 0n, settled: 0n })
  })

  test('it is charged once, also when its block is read again', async () => {
    for (const [id, amount] of [1n, 2n].entries())
      await ledger().reserve(request({ id: hash(id), amount }))
    const charges = [charge({ userOpHash: hash(99), cost: 2n })]
    await ledger().follow(changes({ charges }))
    expect(await ledger().follow(changes({ height: 2n, charges }))).toMatchObject({ settled: 0 })
    expect(await budget()).toEqual({ reserved: 0n, settled: 2n })
  })
})

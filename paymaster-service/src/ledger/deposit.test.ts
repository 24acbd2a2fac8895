import { describe, expect, test } from 'vitest'
import {
  alice,
  bob,
  chainId,
  changes,
  charge,
  hash,
  paymaster,
  request,
  start,
  terms,
} from '../testing/ledgerFixtures.ts'
import { ledgerOf, onEveryStore, onPostgres, openTestLedger } from '../testing/ledgers.ts'

const deposit = (wei: bigint, settledWei = 0n) => ({ wei, settledWei })

onEveryStore((ledger) => {
  const reserve = (overrides: Parameters<typeof request>[0]) => ledger().reserve(request(overrides))
  const account = () => ledger().paymasterAccount({ chainId, paymaster })
  const depositLow = { kind: 'refused', refusal: { rule: 'deposit.low' } }

  test.each([
    { wei: 200n, kind: 'reserved' },
    { wei: 199n, kind: 'refused' },
  ])('a deposit of $wei wei and a second operation of 100 wei: $kind', async ({ wei, kind }) => {
    await reserve({ id: hash(1), deposit: deposit(wei) })
    // Another policy, with a budget of its own: the deposit is one for all.
    const policy = terms({}, 'q')
    expect(
      await reserve({ id: hash(2), sender: bob, policy, deposit: deposit(wei) }),
    ).toMatchObject({ kind })
    expect((await account()).reservedWei).toBe(kind === 'reserved' ? 200n : 100n)
  })

  test('the refusal names what is left of the deposit', async () => {
    await reserve({ id: hash(1), deposit: deposit(150n) })
    expect(await reserve({ id: hash(2), nonce: 1n, deposit: deposit(150n) })).toMatchObject({
      refusal: { rule: 'deposit.low', remaining: 50n, resetsAt: null },
    })
  })

  test('an empty deposit refuses already a stub, whose gas is not known', async () => {
    const question = request({ id: hash(1), amount: 0n })
    expect(await ledger().preview({ ...question, deposit: deposit(1n) })).toBeUndefined()
    expect(await ledger().preview({ ...question, deposit: deposit(0n) })).toMatchObject(
      depositLow.refusal,
    )
  })

  test('what is signed already is given again, and a changed operation adds its difference', async () => {
    await reserve({ id: hash(1), deposit: deposit(100n) })
    expect(await reserve({ id: hash(1), deposit: deposit(0n) })).toMatchObject({ kind: 'reserved' })
    const changed = { id: hash(2), amount: 120n }
    expect(await reserve({ ...changed, deposit: deposit(119n) })).toMatchObject(depositLow)
    expect(await reserve({ ...changed, deposit: deposit(120n) })).toMatchObject({
      kind: 'reserved',
    })
    expect((await account()).reservedWei).toBe(120n)
  })

  test('a deposit that was read before a charge is taken for what it is worth now', async () => {
    await reserve({ id: hash(1) })
    await ledger().follow(changes({ charges: [charge({ cost: 40n })] }))
    expect(await account()).toEqual({
      reservedWei: 0n,
      settledWei: 40n,
      lastValidUntil: undefined,
    })
    const next = { id: hash(2), nonce: 1n }
    // 100 wei were there, of which 40 are gone.
    expect(await reserve({ ...next, deposit: deposit(100n) })).toMatchObject(depositLow)
    expect(await reserve({ ...next, deposit: deposit(140n) })).toMatchObject({ kind: 'reserved' })
    // Read after the charge.
    expect(await reserve({ id: hash(3), nonce: 2n, deposit: deposit(200n, 40n) })).toMatchObject({
      kind: 'reserved',
    })
  })

  test('the account tells when the last signature ends that may still be charged', async () => {
    const window = { validAfter: start, validUntil: start + 300 }
    await reserve({ id: hash(1) })
    await reserve({ id: hash(2), sender: bob, window })
    expect((await account()).lastValidUntil).toBe(start + 600)
    await ledger().follow(changes({ charges: [charge({ sender: alice })] }))
    expect((await account()).lastValidUntil).toBe(start + 300)
    await ledger().follow(changes({ height: 2n, expireBefore: start + 301 }))
    expect(await account()).toMatchObject({ reservedWei: 0n, lastValidUntil: undefined })
  })

  test('40 at once against a deposit for 20, over two policies, reserve exactly 20', async () => {
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        reserve({
          id: hash(i),
          nonce: BigInt(i),
          amount: 10n,
          policy: terms({}, i % 2 ? 'p' : 'q'),
          deposit: deposit(200n),
        }),
      ),
    )
    expect(results.filter(({ kind }) => kind === 'reserved')).toHaveLength(20)
  })
})

describe('two instances on one database', () => {
  onPostgres((location) => {
    const one = ledgerOf(location)

    test('40 at once against a deposit for 20, asked of both under two policies, reserve exactly 20', async () => {
      const two = await openTestLedger(location())
      const results = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          (i % 2 ? one() : two).reserve(
            request({
              id: hash(i),
              nonce: BigInt(i),
              amount: 10n,
              policy: terms({}, i % 4 < 2 ? 'p' : 'q'),
              deposit: deposit(200n),
            }),
          ),
        ),
      )
      await two.store.close()
      expect(results.filter(({ kind }) => kind === 'reserved')).toHaveLength(20)
    })
  })
})

import { expect, test } from 'vitest'
import { capBuckets } from '../ledger/buckets.ts'
import {
  alice,
  block,
  chainId,
  changes,
  charge,
  hash,
  request,
  signed,
  start,
  terms,
} from '../testing/ledgerFixtures.ts'
import { onEveryStore } from '../testing/ledgers.ts'

const userOpHash = hash(7)

/** A key that counts, and never signs alike. */
function counting() {
  const state = { count: 0 }
  const sign = () => {
    state.count++
    return {
      signature: `0x${state.count.toString(16).padStart(4, '0')}` as const,
      userOpHashes: [userOpHash],
    }
  }
  return { state, sign }
}

onEveryStore((ledger) => {
  test('what is signed with its reservation is kept with it, and given again unsigned', async () => {
    const { state, sign } = counting()
    const first = await ledger().reserve(request({ id: hash(1), sign }))
    expect(first).toMatchObject({ kind: 'reserved', sponsorship: { signature: '0x0001' } })
    const again = await ledger().reserve(request({ id: hash(1), sign }))
    expect(again).toMatchObject({ kind: 'reserved', sponsorship: { signature: '0x0001' } })
    const other = { signature: '0xffff', userOpHashes: [userOpHash] } as const
    const late = { ...signed(request({ id: hash(1) })), ...other }
    expect(await ledger().keepSignature(late)).toBe('0x0001')
    expect(state.count).toBe(1)
  })

  test('a renewed signature is charged to its policy by either hash', async () => {
    const { sign } = counting()
    const renewed = {
      window: { validAfter: start + 500, validUntil: start + 1_100 },
      now: start + 560,
      keepUntil: start + 620,
    }
    await ledger().reserve(request({ id: hash(1), sign }))
    const second = { signature: '0x02', userOpHashes: [hash(8), hash(9)] } as const
    await ledger().reserve(request({ id: hash(1), ...renewed, sign: () => second }))
    await ledger().reserve(request({ id: hash(2), amount: 300n, policy: terms({}, 'q') }))
    for (const asked of [7, 8, 9].map(hash)) {
      await ledger().follow(changes({ charges: [charge({ userOpHash: asked })] }))
      const { settled } = await ledger().budget(terms(), start)
      expect(settled).toBe(40n)
      await ledger().rewind(chainId, block(1n), block(0n))
    }
  })

  test('it settles by the hash that was kept', async () => {
    const { sign } = counting()
    await ledger().reserve(request({ id: hash(1), amount: 100n, sign }))
    await ledger().reserve(request({ id: hash(2), amount: 300n, policy: terms({}, 'q') }))
    await ledger().follow(changes({ charges: [charge({ userOpHash })] }))
    const [bucket] = capBuckets(terms(), alice, start)
    expect(await ledger().balance(bucket?.id ?? '')).toMatchObject({ settled: { wei: 40n } })
  })

  test('what no cap holds is not signed; nor what a broken key shares a commit with is lost', async () => {
    const { state, sign } = counting()
    const broken = () => {
      throw new Error('the key is broken')
    }
    const answers = await Promise.allSettled([
      ledger().reserve(request({ id: hash(1), nonce: 1n, amount: 1_001n, sign })),
      ledger().reserve(request({ id: hash(2), nonce: 2n, sign: broken })),
      ledger().reserve(request({ id: hash(3), nonce: 3n, sign: () => undefined })),
    ])
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: { kind: 'refused', refusal: { rule: 'global.cap' } } },
      { status: 'rejected', reason: new Error('the key is broken') },
      { status: 'fulfilled', value: { kind: 'reserved', sponsorship: { signature: undefined } } },
    ])
    expect(state.count).toBe(0)
    expect(await ledger().budget(terms(), start)).toMatchObject({ reserved: 100n, operations: 1 })
  })
})

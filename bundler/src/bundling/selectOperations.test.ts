import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { accessorOf } from '../conflicts/conflict.ts'
import { createConflictIndex } from '../conflicts/conflictIndex.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { bundleGas, operationGas } from './bundleGas.ts'
import type { Candidate, SelectionContext } from './selectOperations.ts'
import { selectOperations, timeOf } from './selectOperations.ts'

const head = { baseFeePerGas: 50n, number: 100 }
const limits = { maxOperations: 3, maxGas: 30_000_000n }
const candidate = (
  n: number,
  op: Parameters<typeof testPooled>[1] = {},
  fields: Partial<Candidate> = {},
): Candidate => ({ ...testPooled(n, { sender: testAddress(n), ...op }), suspect: false, ...fields })

/** Selects from candidates in the given order; returns their numbers. */
function select(candidates: readonly Candidate[], context: Partial<SelectionContext> = {}) {
  const left = [...candidates]
  const selected = selectOperations(
    { next: () => left.shift(), take: () => undefined },
    {
      head,
      time: 1_000,
      limits,
      oldest: 0,
      isThrottled: () => false,
      inFlight: createConflictIndex(),
      ...context,
    },
  )
  return selected.map(({ hash }) => Number(hash))
}

describe('selectOperations', () => {
  test('the first ones in the given order, up to the limit', () => {
    expect(select([4, 3, 2, 1].map((n) => candidate(n)))).toEqual([4, 3, 2])
  })

  test.each([
    { maxFeePerGas: 50n, selected: [1] },
    { maxFeePerGas: 49n, selected: [] },
  ])('$maxFeePerGas wei at a base fee of 50: $selected', ({ maxFeePerGas, selected }) => {
    expect(select([candidate(1, { maxFeePerGas })])).toEqual(selected)
  })

  test.each([
    { validUntil: 999, selected: [] },
    // It would expire in the block that holds it, and take the whole bundle with it.
    { validUntil: 1_014, selected: [] },
    { validUntil: 1_015, selected: [1] },
    { validUntil: 0, selected: [1] },
  ])('valid until $validUntil at 1000: $selected', ({ validUntil, selected }) => {
    expect(select([candidate(1, {}, { validUntil })])).toEqual(selected)
  })

  test.each([
    { validUntilBlock: 101, selected: [] },
    { validUntilBlock: 102, selected: [1] },
  ])('valid until block $validUntilBlock at 100: $selected', ({ validUntilBlock, selected }) => {
    expect(select([candidate(1, {}, { validUntilBlock })])).toEqual(selected)
  })

  test.each([
    { addedAt: 4, selected: [] },
    { addedAt: 5, selected: [1] },
  ])('admitted at $addedAt, the oldest allowed is 5: $selected', ({ addedAt, selected }) => {
    expect(select([candidate(1, {}, { addedAt })], { oldest: 5 })).toEqual(selected)
  })

  test('one that does not fit is passed over for a smaller one', () => {
    const large = candidate(2, { callGasLimit: 10_000_000n })
    const small = [candidate(1), candidate(3)] as const
    const gasOf = (each: Candidate) => operationGas(each.entryPoint, each.op)
    const maxGas = bundleGas(gasOf(small[0]) + gasOf(small[1]))
    const context = { limits: { ...limits, maxGas } }
    expect(select([small[0], large, small[1]], context)).toEqual([1, 3])
  })

  test('after twenty that do not fit, a bundle is full enough', () => {
    const maxGas = bundleGas(operationGas(candidate(1).entryPoint, candidate(1).op) * 2n)
    const large = Array.from({ length: 20 }, (_, n) =>
      candidate(n + 10, { callGasLimit: 10_000_000n }),
    )
    const context = { limits: { ...limits, maxGas } }
    expect(select([candidate(1), ...large.slice(1), candidate(2)], context)).toEqual([1, 2])
    expect(select([candidate(1), ...large, candidate(2)], context)).toEqual([1])
  })

  test('operations that are together above 128 KiB go into two bundles', () => {
    const callData = `0x${'00'.repeat(50_000)}` as const
    expect(select([1, 2, 3].map((n) => candidate(n, { callData })))).toEqual([1, 2])
  })

  test('a suspect goes alone, when its turn comes', () => {
    const suspect = candidate(1, {}, { suspect: true })
    expect(select([suspect, candidate(2)])).toEqual([1])
    expect(select([candidate(2), suspect])).toEqual([2])
  })

  test.each(['sender', 'factory', 'paymaster'] as const)(
    '[GREP-020] four operations of a throttled %s, and the fifth waits',
    (role) => {
      const throttled = testAddress(99)
      const of = (n: number) => candidate(n, { [role]: throttled, nonce: BigInt(n) << 64n })
      const context = {
        limits: { ...limits, maxOperations: 10 },
        isThrottled: (address: Address) => address === throttled,
      }
      expect(select([of(1), of(2), of(3), of(4), of(5), candidate(6)], context)).toEqual([
        1, 2, 3, 4, 6,
      ])
    },
  )

  describe('[STO-041] storage conflicts', () => {
    const reading = (n: number, contract: Address) =>
      candidate(
        n,
        {},
        { record: { staked: [], reads: [{ address: contract, slots: [testHash(1)] }] } },
      )

    test('one that reads storage of the sender of another one waits for the next bundle', () => {
      expect(select([candidate(1), reading(2, testAddress(1)), candidate(3)])).toEqual([1, 3])
      expect(select([reading(2, testAddress(1)), candidate(1), candidate(3)])).toEqual([2, 3])
    })

    test('it also waits while the other one is on its way', () => {
      const inFlight = createConflictIndex()
      inFlight.add(accessorOf(candidate(1)))
      expect(select([reading(2, testAddress(1)), candidate(3)], { inFlight })).toEqual([3])
      inFlight.remove(testHash(1))
      expect(select([reading(2, testAddress(1)), candidate(3)], { inFlight })).toEqual([2, 3])
    })
  })
})

test.each([
  { timestamp: 1_000, now: 999_999, time: 1_000 },
  { timestamp: 1_000, now: 1_001_999, time: 1_001 },
])('the next block is not before $time', ({ timestamp, now, time }) => {
  expect(timeOf({ timestamp }, now)).toBe(time)
})

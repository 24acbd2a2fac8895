import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import type { Accessor } from './conflict.ts'
import { conflict } from './conflict.ts'
import { createConflictIndex } from './conflictIndex.ts'

const accessor = (n: number, fields: Partial<Accessor> = {}): Accessor => ({
  hash: testHash(n),
  sender: testAddress(n),
  entities: [],
  reads: [],
  writes: [],
  ...fields,
})
const slots = (contract: number, ...numbers: number[]) => [
  { address: testAddress(contract), slots: numbers.map(testHash) },
]

describe('conflict', () => {
  test.each([
    {
      name: 'nothing in common',
      a: { reads: slots(50, 1) },
      b: { writes: slots(51, 1) },
      is: false,
    },
    {
      name: 'reads of one slot',
      a: { reads: slots(50, 1) },
      b: { reads: slots(50, 1) },
      is: false,
    },
    {
      name: 'a write that is read',
      a: { writes: slots(50, 1) },
      b: { reads: slots(50, 1) },
      is: true,
    },
    {
      name: 'a read that is written',
      a: { reads: slots(50, 1) },
      b: { writes: slots(50, 1) },
      is: true,
    },
    { name: 'two writes', a: { writes: slots(50, 1) }, b: { writes: slots(50, 1) }, is: true },
    {
      name: 'other slots of a contract',
      a: { writes: slots(50, 1) },
      b: { reads: slots(50, 2) },
      is: false,
    },
    { name: 'a read in the sender of the other', a: { reads: slots(2, 1) }, b: {}, is: true },
    { name: 'a write in the sender of the other', a: { writes: slots(2, 1) }, b: {}, is: true },
    { name: 'a call of the sender without storage', a: { reads: slots(2) }, b: {}, is: false },
    {
      name: 'a slot of a paymaster that both have',
      a: { entities: [testAddress(7)], writes: slots(7, 1) },
      b: { entities: [testAddress(7)], writes: slots(7, 1) },
      is: false,
    },
    {
      name: 'one sender',
      a: { sender: testAddress(2), writes: slots(2, 1) },
      b: { reads: slots(2, 1) },
      is: false,
    },
  ] satisfies { name: string; a: Partial<Accessor>; b: Partial<Accessor>; is: boolean }[])(
    '$name: $is, both ways round',
    ({ a, b, is }) => {
      const [first, second] = [accessor(1, a), accessor(2, b)]
      expect([conflict(first, second), conflict(second, first)]).toEqual([is, is])
    },
  )

  test('tracers write addresses in lower case', () => {
    const sender = '0x52908400098527886E0F7030069857D2E4169EE7'
    const a = accessor(1, { sender })
    const lower = sender.toLowerCase() as typeof sender
    const b = accessor(2, { reads: [{ address: lower, slots: [testHash(1)] }] })
    expect(conflict(a, b)).toBe(true)
  })
})

test('the index finds a conflict exactly when one of its operations is in conflict', () => {
  const accesses = fc.array(
    fc.record({
      address: fc.integer({ min: 1, max: 6 }).map(testAddress),
      slots: fc.uniqueArray(fc.integer({ min: 1, max: 3 }).map(testHash), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  )
  const operations = fc.array(
    fc.record({
      sender: fc.integer({ min: 1, max: 4 }).map(testAddress),
      entities: fc.array(fc.integer({ min: 5, max: 6 }).map(testAddress), { maxLength: 1 }),
      reads: accesses,
      writes: accesses,
      leaves: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(operations, (given) => {
      const index = createConflictIndex()
      const all = given.map((fields, n) => ({ ...accessor(n + 1, fields), leaves: fields.leaves }))
      const [newcomer, ...others] = all
      if (!newcomer) return
      for (const operation of others) index.add(operation)
      for (const { hash, leaves } of others) if (leaves) index.remove(hash)
      const inConflict = others
        .filter(({ leaves }) => !leaves)
        .filter((other) => conflict(newcomer, other))
        .map(({ hash }) => hash)
      const found = index.conflictOf(newcomer)
      expect(found !== undefined).toBe(inConflict.length > 0)
      if (found) expect(inConflict).toContain(found)
    }),
    { numRuns: 1_000 },
  )
})

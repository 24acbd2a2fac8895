import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Rotation } from './rotations.ts'
import { activePaymaster, everyPaymaster } from './rotations.ts'

const a = '0x000000000000000000000000000000000000000a'
const b = '0x000000000000000000000000000000000000000b'
const c = '0x000000000000000000000000000000000000000c'
const from = (
  paymaster: typeof a | typeof b | typeof c,
  successor: typeof a | typeof b | typeof c,
) => ({
  paymaster,
  successor,
})

type Case = { configured: Address; rotations: Rotation[]; active: Address }

describe('the active paymaster', () => {
  test.each<Case>([
    { configured: a, rotations: [], active: a },
    { configured: a, rotations: [from(a, b)], active: b },
    { configured: a, rotations: [from(b, c), from(a, b)], active: c },
    // The options were changed to the successor.
    { configured: b, rotations: [from(a, b)], active: b },
    { configured: c, rotations: [from(a, b)], active: c },
    // Back again.
    { configured: a, rotations: [from(b, a)], active: a },
    { configured: b, rotations: [from(b, a)], active: a },
  ])('of $configured after $rotations is $active', ({ configured, rotations, active }) => {
    expect(activePaymaster(configured, rotations)).toBe(active)
  })

  test('a circle, which no rotation makes, ends all the same', () => {
    expect([a, b]).toContain(activePaymaster(a, [from(a, b), from(b, a)]))
  })
})

test('every paymaster that signed is followed once', () => {
  expect(everyPaymaster(a, [from(a, b), from(b, c)])).toEqual([a, b, c])
  expect(everyPaymaster(b, [from(a, b)])).toEqual([b, a])
})

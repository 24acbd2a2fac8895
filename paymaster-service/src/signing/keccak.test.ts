import fc from 'fast-check'
import type { Hex } from 'viem'
import { keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { keccak } from './keccak.ts'

test('it is keccak256, for any bytes, one after the other', () => {
  const bytes = fc
    .uint8Array({ maxLength: 700 })
    .map((array): Hex => `0x${Buffer.from(array).toString('hex')}`)
  fc.assert(
    fc.property(bytes, (data) => {
      expect(keccak(data)).toBe(keccak256(data))
    }),
  )
  expect(keccak(`0x${'aB'.repeat(40_000)}`)).toBe(keccak256(`0x${'aB'.repeat(40_000)}`))
})

test.each(['0x1', '0xzz', '0x12zz', '0x12 4'] as const)('%s is refused, not cut', (data) => {
  expect(() => keccak(data)).toThrow(RangeError)
})

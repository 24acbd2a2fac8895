import fc from 'fast-check'
import type { Hex } from 'viem'
import { concat, numberToHex, pad } from 'viem'
import { expect, test } from 'vitest'
import { addressWord, halfWord, joinHex, word } from './words.ts'

const bytes = fc
  .uint8Array({ maxLength: 80 })
  .map((array): Hex => `0x${Buffer.from(array).toString('hex')}`)

test("words and joined bytes are viem's", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
      expect(word(value)).toBe(numberToHex(value, { size: 32 }))
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (value) => {
      expect(halfWord(value)).toBe(numberToHex(value, { size: 16 }))
    }),
  )
  fc.assert(
    fc.property(fc.array(bytes), (parts) => {
      expect(joinHex(parts)).toBe(concat(['0x', ...parts]))
    }),
  )
  const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
  expect(addressWord(address)).toBe(pad(address, { size: 32 }))
  expect(word(1_700_000_000)).toBe(numberToHex(1_700_000_000, { size: 32 }))
})

test('what is no uint256 is no word, and what is no uint128 is no half of one', () => {
  for (const value of [-1n, -1, 2n ** 256n]) expect(() => word(value)).toThrow(RangeError)
  for (const value of [-1n, 2n ** 128n]) expect(() => halfWord(value)).toThrow(RangeError)
})

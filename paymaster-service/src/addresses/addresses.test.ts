import { getAddress, InvalidAddressError } from 'viem'
import { expect, test } from 'vitest'
import { checksumAddress } from './checksumAddress.ts'
import { sameAddress } from './sameAddress.ts'

const lower = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const mixed = getAddress(lower)

test('an address gets its checksum, and the same one when it comes again', () => {
  for (const text of [lower, mixed, `0x${lower.slice(2).toUpperCase()}`, lower])
    expect(checksumAddress(text)).toBe(mixed)
})

test('what is no address has no checksum, however often it comes', () => {
  for (const text of ['', '0x', lower.slice(0, -1), `${lower}0`, `${lower.slice(0, -1)}g`])
    for (const _ of [1, 2]) expect(() => checksumAddress(text)).toThrow(InvalidAddressError)
})

test('addresses are the same in any case, and not otherwise', () => {
  expect(sameAddress(lower, mixed)).toBe(true)
  expect(sameAddress(mixed, `0x${mixed.slice(2).toUpperCase()}`)).toBe(true)
  expect(sameAddress(lower, `${lower.slice(0, -1)}9` as typeof lower)).toBe(false)
})

import { numberToHex } from 'viem'
import { expect, test } from 'vitest'
import { isPrecompile } from './precompiles.ts'

test.each([
  { address: 0, is: false },
  { address: 1, is: true },
  { address: 0xa, is: true },
  { address: 0x11, is: true },
  { address: 0x12, is: false },
  { address: 0xff, is: false },
  { address: 0x100, is: true },
  { address: 0x101, is: false },
])('[OP-062] $address is accepted: $is', ({ address, is }) => {
  expect(isPrecompile(numberToHex(address, { size: 20 }))).toBe(is)
})

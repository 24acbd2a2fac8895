import { encodeAbiParameters, type Hex, pad, slice, toEventSelector } from 'viem'
import { expect, test } from 'vitest'
import { findRevertReason } from './revertReason.ts'

const selector = toEventSelector('UserOperationRevertReason(bytes32,address,uint256,bytes)')
const userOpHash: Hex = `0x${'ab'.repeat(32)}`
const sender = '0x1100000000000000000000000000000000000011'
const reason = '0xdeadbeef'
const data = encodeAbiParameters([{ type: 'uint256' }, { type: 'bytes' }], [7n, reason])
const log = (of: Hex, data: Hex) => ({
  topics: [selector, of, pad(sender, { size: 32 })],
  data,
})

test.each([{ userOpHash }, { sender }] as const)('is found by %j', (operation) => {
  expect(findRevertReason([log(userOpHash, data)], operation)).toBe(reason)
  expect(findRevertReason([], operation)).toBeUndefined()
})

test.each<Hex>(['0x', '0x12', slice(data, 0, 64)])(
  'is not what a stranger logged in its name: %s',
  (short) => {
    const forged = log(userOpHash, short)
    expect(findRevertReason([forged], { userOpHash })).toBeUndefined()
    expect(findRevertReason([forged, log(userOpHash, data)], { userOpHash })).toBe(reason)
  },
)

test('is not that of another operation', () => {
  expect(findRevertReason([log(pad('0x1', { size: 32 }), data)], { userOpHash })).toBeUndefined()
})

import * as fc from 'fast-check'
import { decodeFunctionData, encodeFunctionData, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { CallDataError } from '../../errors/callData.ts'
import { batchMode, decodeExecute, encodeExecute } from './executeData.ts'

const abi = parseAbi([
  'struct Operation { address target; uint256 value; bytes data; }',
  'function execute(bytes32 mode, bytes executionData)',
  'function executeBatch(Operation[] operations)',
  'function transfer(address to, uint256 amount)',
])
const target = '0x1100000000000000000000000000000000000011'

describe('encodeExecute', () => {
  test('names the ERC-7821 mode of a batch that reverts as a whole', () => {
    const { functionName, args } = decodeFunctionData({
      abi,
      data: encodeExecute([{ to: target }]),
    })
    expect([functionName, args[0]]).toEqual(['execute', `0x01${'00'.repeat(31)}`])
  })

  test('is undone by decodeExecute', () => {
    const hex = (bytes: number) =>
      fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b) => toHex(b))
    const call = fc.record({
      to: hex(20),
      value: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      data: fc.uint8Array({ maxLength: 70 }).map((b) => toHex(b)),
    })
    fc.assert(
      fc.property(fc.array(call, { maxLength: 4 }), (calls) => {
        const decoded = decodeExecute(encodeExecute(calls))
        expect(decoded.map((c) => ({ ...c, to: c.to.toLowerCase() }))).toEqual(calls)
      }),
    )
  })
})

describe('decodeExecute', () => {
  test('reads executeBatch too', () => {
    const data = encodeFunctionData({
      abi,
      functionName: 'executeBatch',
      args: [[{ target, value: 7n, data: '0x1234' }]],
    })
    expect(decodeExecute(data)).toEqual([{ to: target, value: 7n, data: '0x1234' }])
  })

  test.each([
    ['another function', encodeFunctionData({ abi, functionName: 'transfer', args: [target, 1n] })],
    ['no function', '0x'],
    [
      'a mode with opData',
      encodeFunctionData({
        abi,
        functionName: 'execute',
        args: [batchMode.replace('0x01000000000000', '0x01000000000078') as `0x${string}`, '0x'],
      }),
    ],
  ] as const)('refuses %s', (_, data) => {
    expect(() => decodeExecute(data)).toThrow(CallDataError)
  })
})

function toHex(bytes: Uint8Array): `0x${string}` {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

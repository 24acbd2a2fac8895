import type { Hex } from 'viem'
import { encodeAbiParameters, encodeErrorResult, parseAbi, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import type { RpcLog, RpcTransactionReceipt } from '../chain/block.ts'
import { revertReason } from '../chain/revertReason.ts'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import { buildInclusion, logsOfOperation } from './buildReceipt.ts'
import {
  beforeExecutionTopic,
  decodeUserOperationEvents,
  userOperationEventTopic,
  userOperationRevertReasonTopic,
} from './userOperationEvent.ts'

const entryPoint = testAddress(8)
const blockHash = testHash(100)

const log = (logIndex: number, address: Hex, topics: Hex[], data: Hex = '0x'): RpcLog => ({
  address,
  topics,
  data,
  blockHash,
  blockNumber: '0xa',
  transactionHash: testHash(200),
  transactionIndex: '0x0',
  logIndex: `0x${logIndex.toString(16)}`,
})
const topicOf = (address: Hex): Hex => `0x${address.slice(2).padStart(64, '0')}`
const operationEvent = (
  logIndex: number,
  hash: Hex,
  { success = true, emitter = entryPoint, paymaster = zeroAddress as Hex } = {},
) =>
  log(
    logIndex,
    emitter,
    [userOperationEventTopic, hash, topicOf(testAddress(1)), topicOf(paymaster)],
    encodeAbiParameters(
      [{ type: 'uint256' }, { type: 'bool' }, { type: 'uint256' }, { type: 'uint256' }],
      [7n, success, 1_000n, 50n],
    ),
  )
const before = (logIndex: number) => log(logIndex, entryPoint, [beforeExecutionTopic])
const transfer = (logIndex: number, emitter = testAddress(50)) =>
  log(logIndex, emitter, [testHash(0xdd)])
const receiptOf = (logs: RpcLog[]): RpcTransactionReceipt => ({
  transactionHash: testHash(200),
  blockHash,
  blockNumber: '0xa',
  status: '0x1',
  logs,
})

/** A bundle of two operations, with logs of the validation phase before. */
const bundle = [
  transfer(3),
  before(4),
  transfer(5),
  operationEvent(6, testHash(1)),
  transfer(7),
  transfer(8),
  operationEvent(9, testHash(2)),
]
const indices = (logs: readonly RpcLog[]) => logs.map(({ logIndex }) => Number(logIndex))

describe('logsOfOperation', () => {
  test.each([
    { logIndex: 6, expected: [5, 6] },
    { logIndex: 9, expected: [7, 8, 9] },
  ])('the operation with its event at $logIndex has $expected', ({ logIndex, expected }) => {
    expect(indices(logsOfOperation(bundle, { entryPoint, logIndex }))).toEqual(expected)
  })

  test('look-alike events of other contracts cut nothing off', () => {
    const fake = operationEvent(5, testHash(9), { emitter: testAddress(66) })
    const logs = [before(4), fake, operationEvent(6, testHash(1))]
    expect(indices(logsOfOperation(logs, { entryPoint, logIndex: 6 }))).toEqual([5, 6])
  })

  test('two handleOps in one transaction: the second begins at its own BeforeExecution', () => {
    const logs = [...bundle, transfer(10), before(11), operationEvent(12, testHash(3))]
    expect(indices(logsOfOperation(logs, { entryPoint, logIndex: 12 }))).toEqual([12])
  })
})

describe('decodeUserOperationEvents', () => {
  test('only events of the EntryPoint count', () => {
    const fake = operationEvent(5, testHash(9), { emitter: testAddress(66) })
    const events = decodeUserOperationEvents([fake, ...bundle], [entryPoint])
    expect(events.map(({ userOpHash }) => userOpHash)).toEqual([testHash(1), testHash(2)])
    expect(events[0]).toEqual({
      entryPoint,
      userOpHash: testHash(1),
      sender: testAddress(1),
      paymaster: zeroAddress,
      nonce: 7n,
      success: true,
      actualGasCost: 1_000n,
      actualGasUsed: 50n,
      transactionHash: testHash(200),
      blockHash,
      blockNumber: 10,
      logIndex: 6,
    })
  })
})

describe('buildInclusion', () => {
  test('the receipt of ERC-7769, without paymaster and reason where there are none', () => {
    const [event] = decodeUserOperationEvents(bundle, [entryPoint])
    if (!event) throw new Error('there is an event')
    const inclusion = buildInclusion(event, receiptOf(bundle))
    expect(inclusion).toMatchObject({
      hash: testHash(1),
      transactionHash: testHash(200),
      block: { number: 10, hash: blockHash },
      success: true,
    })
    expect(inclusion.receipt).toEqual({
      userOpHash: testHash(1),
      entryPoint,
      sender: testAddress(1),
      nonce: '0x7',
      actualGasCost: '0x3e8',
      actualGasUsed: '0x32',
      success: true,
      logs: bundle.slice(2, 4),
      receipt: receiptOf(bundle),
    })
  })

  test('a failed operation has its own reason, not that of a neighbour', () => {
    const revertData = encodeErrorResult({
      abi: parseAbi(['error Error(string)']),
      args: ['too late'],
    })
    const reason = (logIndex: number, hash: Hex, data: Hex) =>
      log(
        logIndex,
        entryPoint,
        [userOperationRevertReasonTopic, hash, topicOf(testAddress(1))],
        encodeAbiParameters([{ type: 'uint256' }, { type: 'bytes' }], [7n, data]),
      )
    const logs = [
      before(0),
      reason(1, testHash(1), '0xdead'),
      operationEvent(2, testHash(1), { success: false }),
      reason(3, testHash(2), revertData),
      operationEvent(4, testHash(2), { success: false, paymaster: testAddress(3) }),
    ]
    const event = decodeUserOperationEvents(logs, [entryPoint])[1]
    if (!event) throw new Error('there are two events')
    expect(buildInclusion(event, receiptOf(logs)).receipt).toMatchObject({
      success: false,
      paymaster: testAddress(3),
      reason: 'too late',
      revertData,
    })
  })
})

test.each([
  { data: '0x', text: '0x' },
  { data: '0xdeadbeef', text: '0xdeadbeef' },
  { data: `0x4e487b71${'0'.repeat(62)}11`, text: 'Panic(0x11)' },
  { data: '0x08c379a0ff', text: '0x08c379a0ff' },
] as const)('revertReason of $data: $text', ({ data, text }) => {
  expect(revertReason(data)).toBe(text)
})

test('revertReason finds what a paymaster said inside the PostOpReverted of the EntryPoint', () => {
  const inner = encodeErrorResult({
    abi: parseAbi(['error Error(string)']),
    args: ['no allowance'],
  })
  const abi = parseAbi(['error PostOpReverted(bytes returnData)'])
  const wrapped = (data: Hex) => encodeErrorResult({ abi, args: [data] })
  expect(revertReason(wrapped(inner))).toBe('postOp reverted: no allowance')
  expect(revertReason(wrapped('0x'))).toBe('postOp reverted: 0x')
  expect(revertReason(wrapped('0xdeadbeef'))).toBe('postOp reverted: 0xdeadbeef')
})

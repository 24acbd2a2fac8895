import { encodeEventTopics, type Hex, pad, parseAbi, zeroAddress, zeroHash } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { describe, expect, test } from 'vitest'
import { WalletAnswerError } from '../errors/wallet.ts'
import { readCallsStatus } from './readCallsStatus.ts'

const [account, stranger] = [
  '0x1100000000000000000000000000000000000011',
  '0x2200000000000000000000000000000000000022',
] as const
const read = (answer: unknown) => readCallsStatus(answer, { callsId: '0x01', account, chainId: 10 })

const log = { address: stranger, topics: [zeroHash], data: '0x' }
const receipt = { transactionHash: pad('0xaa'), status: '0x1', logs: [log] }
const confirmed = { id: '0x01', chainId: '0xa', status: 200, receipts: [receipt] }

/** An EntryPoint's last word on an operation of this sender. */
const closing = (sender: Hex, data: Hex) => ({
  address: entryPoint08Address,
  topics: encodeEventTopics({
    abi: parseAbi([
      'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
    ]),
    eventName: 'UserOperationEvent',
    args: { userOpHash: zeroHash, sender, paymaster: zeroAddress },
  }),
  data,
})
const words = (...values: number[]) =>
  `0x${values.map((value) => `${value}`.padStart(64, '0')).join('')}` as const
const bundleOf = (...logs: unknown[]) => ({ ...confirmed, receipts: [{ ...receipt, logs }] })

describe('an answer', () => {
  test.each([
    [100, 'pending'],
    [199, 'pending'],
    ['PENDING', 'pending'],
    [200, 'success'],
    [299, 'success'],
    ['CONFIRMED', 'success'],
    [300, 'failure'],
    [699, 'failure'],
  ])('of status %s is %s', (status, outcome) => {
    expect(read({ ...confirmed, status }).outcome).toBe(outcome)
  })

  test.each([99, 700, 1000, Number.NaN, '200', 'constructor', undefined])(
    'of status %s makes no sense',
    (status) => {
      expect(() => read({ ...confirmed, status })).toThrow(WalletAnswerError)
    },
  )

  test('without names is of the draft, and taken for what was asked', () => {
    const { operations, transactionHashes, code } = read({ status: 200, receipts: [receipt] })
    expect(operations).toEqual([{ success: true, logs: [log] }])
    expect({ transactionHashes, code }).toEqual({ transactionHashes: [pad('0xaa')], code: 200 })
  })

  test.each([
    ['other calls', { id: '0x02' }],
    ['another chain', { chainId: '0x1' }],
    ['no chain', { chainId: 'main' }],
    ['strangers only', bundleOf(closing(stranger, words(0, 1, 1, 1)))],
    ['nothing', { receipts: [] }],
  ])('about %s is none, whatever it says', (_, more) => {
    expect(() => read({ ...confirmed, ...more })).toThrow(WalletAnswerError)
  })

  test.each([null, 7, 'pending', []])('%j makes no sense', (answer) => {
    expect(() => read(answer)).toThrow(WalletAnswerError)
  })

  test.each([
    ['no list of receipts', { receipts: 'none' }],
    ['a receipt that is none', { receipts: [null] }],
    ['no transaction', { receipts: [{ ...receipt, transactionHash: undefined }] }],
    ['logs that are no list', { receipts: [{ ...receipt, logs: 'none' }] }],
    ['a log of nobody', bundleOf({ ...log, address: '0x12' })],
    ['a log with half a topic', bundleOf({ ...log, topics: ['0x12'] })],
    ['a log without topics', bundleOf({ ...log, topics: undefined })],
    ['a log without data', bundleOf({ ...log, data: undefined })],
    ['an operation whose end has no data', bundleOf(closing(account, '0x'))],
    ['an operation whose end is cut off', bundleOf(closing(account, `${words(0)}01`))],
  ])('with %s makes no sense', (_, more) => {
    expect(() => read({ ...confirmed, ...more })).toThrow(WalletAnswerError)
  })

  test('of calls that failed may have no logs', () => {
    expect(read({ status: 500, receipts: [{ ...receipt, logs: undefined }] })).toMatchObject({
      outcome: 'failure',
      code: 500,
    })
  })
})

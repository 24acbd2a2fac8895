import {
  createClient,
  custom,
  type Hash,
  type Hex,
  numberToHex,
  pad,
  RpcRequestError,
  toEventSelector,
} from 'viem'
import { entryPoint08Address as entryPoint } from 'viem/account-abstraction'
import { describe, expect, test } from 'vitest'
import { MalformedAnswerError } from '../errors/transport.ts'
import { findOnChain } from './findOnChain.ts'
import type { SignedOperation } from './sentOperations.ts'

const selector = toEventSelector(
  'UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)',
)
const sender = '0x1100000000000000000000000000000000000011'
const hash = numberToHex(7, { size: 32 })
const other = numberToHex(8, { size: 32 })
const transaction = numberToHex(9, { size: 32 })
const operation = (nonce: Hex, earlier: Hash[] = []): SignedOperation => ({
  hash,
  callData: '0x',
  request: { sender, nonce } as never,
  fromBlock: '0x32',
  lane: 0,
  earlier,
})
const words = (...values: (number | bigint)[]): Hex =>
  `0x${values.map((value) => numberToHex(value, { size: 32 }).slice(2)).join('')}`

type TestLog = { address: Hex; topics: Hex[]; data: Hex; logIndex: Hex; transactionHash: Hash }
/** The EntryPoint's own log of an operation. */
const eventOf = (of: Hash, nonce: number | bigint, logIndex = 0): TestLog => ({
  address: entryPoint.toLowerCase() as Hex,
  topics: [selector, of, pad(sender), pad('0x')],
  data: words(nonce, 1, 0, 0),
  logIndex: numberToHex(logIndex),
  transactionHash: transaction,
})

type Chain = {
  latest?: bigint
  /** By the block from which they are asked. */
  logs: (fromBlock: bigint) => TestLog[]
  receipt?: unknown
}

function chain({ latest = 100n, logs, receipt }: Chain) {
  const asked: bigint[] = []
  const client = createClient({
    transport: custom(
      {
        async request({ method, params }: { method: string; params: [{ fromBlock: Hex }] }) {
          if (method === 'eth_blockNumber') return numberToHex(latest)
          if (method === 'eth_getTransactionReceipt')
            return receipt === undefined ? { logs: logs(0n), status: '0x1' } : receipt
          const fromBlock = BigInt(params[0].fromBlock)
          asked.push(fromBlock)
          return logs(fromBlock)
        },
      },
      { retryCount: 0 },
    ),
  })
  return { client, asked }
}
const tooMuch = () => {
  const error = { code: -32005, message: 'too many blocks' }
  throw new RpcRequestError({ body: {}, url: 'x', error })
}

describe('of an operation that is known', () => {
  test('its nonce is looked for from the block in which it was signed', async () => {
    const { client, asked } = chain({ logs: () => [eventOf(other, 4n), eventOf(hash, 5n)] })
    const known = { hash, entryPoint, operation: operation('0x5') }
    expect(await findOnChain(client, known)).toMatchObject({ userOpHash: hash, success: true })
    expect(asked).toEqual([0x32n])
  })

  test.each([
    { name: 'nobody', logs: [eventOf(other, 4n)], found: undefined },
    { name: 'another one', logs: [eventOf(other, 5n)], found: 'replaced' },
  ])('$name has used it', async ({ logs, found }) => {
    const { client } = chain({ logs: () => logs })
    const known = { hash, entryPoint, operation: operation('0x5') }
    expect(await findOnChain(client, known)).toBe(found)
  })

  test('one that it takes the place of was included', async () => {
    const { client } = chain({ logs: () => [eventOf(other, 5n)] })
    const known = { hash, entryPoint, operation: operation('0x5', [other]) }
    expect(await findOnChain(client, known)).toMatchObject({ userOpHash: other })
  })
})

describe('of a hash alone', () => {
  test('a chain of few blocks is looked through at once', async () => {
    const { client, asked } = chain({ logs: () => [] })
    expect(await findOnChain(client, { hash, entryPoint })).toBeUndefined()
    expect(asked).toEqual([0n])
  })

  test('the newest 9,999 blocks are enough where they have it', async () => {
    const { client, asked } = chain({ latest: 20_000n, logs: () => [eventOf(hash, 5n)] })
    expect(await findOnChain(client, { hash, entryPoint })).toMatchObject({ userOpHash: hash })
    expect(asked).toEqual([10_001n])
  })

  test('where they do not, those before are looked through as well', async () => {
    const logs = (fromBlock: bigint) => (fromBlock === 0n ? [eventOf(hash, 5n)] : [])
    const { client } = chain({ latest: 20_000n, logs })
    expect(await findOnChain(client, { hash, entryPoint })).toMatchObject({ userOpHash: hash })
  })

  test('a node that does not look through all of them has not said that there is none', async () => {
    const logs = (fromBlock: bigint) => (fromBlock === 0n ? tooMuch() : [])
    const { client, asked } = chain({ latest: 300_000_000n, logs })
    await expect(findOnChain(client, { hash, entryPoint })).rejects.toThrow('too many blocks')
    // It is not asked for all of them in thousands of parts.
    expect(asked).toEqual([299_990_001n, 0n])
  })
})

test('a log without its transaction is no answer', async () => {
  const { client } = chain({ logs: () => [eventOf(hash, 5n)], receipt: null })
  await expect(findOnChain(client, { hash, entryPoint })).rejects.toBeInstanceOf(
    MalformedAnswerError,
  )
})

test('logs of a contract that imitates the EntryPoint are the operation’s own', async () => {
  const before = eventOf(other, 4n, 0)
  const own = { ...eventOf(other, 5n, 1), address: sender as Hex }
  const event = eventOf(hash, 5n, 2)
  const { client } = chain({
    logs: () => [event],
    receipt: { logs: [before, own, event], status: '0x1' },
  })
  const found = await findOnChain(client, { hash, entryPoint })
  expect(found).toMatchObject({ logs: [{ logIndex: 1 }, { logIndex: 2 }] })
})

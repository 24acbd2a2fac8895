import {
  createClient,
  custom,
  fallback,
  type Hash,
  type Hex,
  RpcRequestError,
  TimeoutError,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { findRpcFailure } from '../errors/rpcError.ts'
import { UserOperationUnansweredError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { createSentOperations, type SignedOperation } from './sentOperations.ts'
import { submitOperation } from './submitOperation.ts'

const hash: Hash = `0x${'ab'.repeat(32)}`
const callData: Hex = '0x12'
const sender = '0x1100000000000000000000000000000000000011'
const operation: SignedOperation = {
  hash,
  callData,
  request: { callData, sender, nonce: '0x7' } as never,
  fromBlock: '0x1',
  lane: 0,
  earlier: [],
}
const lost = () => {
  throw new TimeoutError({ body: {}, url: 'http://bundler.test' })
}
const refused = (message: string) => () => {
  throw new RpcRequestError({ body: {}, url: 'x', error: { code: -32500, message } })
}
const accepted = () => hash

const word = '00'.repeat(32)
const userOperationEvent = '0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f'
const log = {
  transactionHash: hash,
  logIndex: '0x3',
  topics: [userOperationEvent, hash, `0x${word}`, `0x${word}`],
  data: `0x${'07'.padStart(64, '0')}${'01'.padStart(64, '0')}${word}${word}`,
}
const transactionReceipt = { transactionHash: hash, logs: [log] }

type Scene = {
  /** Whether the bundler says so. */
  included?: () => boolean
  /** What the chain answers for logs of the EntryPoint. */
  logs?: () => unknown
  timeout?: number
  /** Whether it is one of several. */
  several?: boolean
  /** The next one by the chain; that of the operation is 7. */
  nonce?: bigint
}

/** A bundler that answers the sends in turn, the last one for ever, and has the operation or not. */
function bundler(
  sends: (() => unknown)[],
  {
    included = () => false,
    logs = () => [],
    timeout = 1000,
    several = false,
    nonce = 8n,
  }: Scene = {},
) {
  const sent: unknown[] = []
  const transport = custom(
    {
      async request({ method, params }: { method: string; params: unknown[] }) {
        if (method === 'eth_getUserOperationReceipt')
          return included() ? { userOpHash: hash, success: true, logs: [] } : null
        if (method === 'eth_getUserOperationByHash') return null
        sent.push(params[0])
        return (sends[sent.length - 1] ?? sends.at(-1))?.()
      },
    },
    { retryCount: 0 },
  )
  const chain = custom(
    {
      request: async ({ method }: { method: string }) =>
        method === 'eth_getLogs' ? logs() : transactionReceipt,
    },
    { retryCount: 0 },
  )
  const client = Object.assign(
    createClient({ transport: several ? fallback([transport]) : transport }),
    {
      account: { entryPoint: { address: '0x' }, getNonce: async () => nonce },
      wait: { pollingInterval: 1, timeout },
      sent: createSentOperations(),
      client: createClient({ transport: chain }),
    },
  ) as unknown as WriteClient
  return { client, sent, submit: () => submitOperation(client, operation) }
}

describe('submitOperation', () => {
  test('sends the same operation until there is an answer', async () => {
    const { client, sent, submit } = bundler([lost, lost, accepted])
    expect(await submit()).toBe(hash)
    expect(sent).toEqual([operation.request, operation.request, operation.request])
    expect(await client.sent.take(callData)).toBeUndefined()
  })

  test('a refusal of the first send is final', async () => {
    const { client, sent, submit } = bundler([refused('AA25 invalid account nonce')])
    expect(findRpcFailure(await submit().catch((error: unknown) => error))?.code).toBe(-32500)
    expect(sent).toHaveLength(1)
    expect(await client.sent.take(callData)).toBeUndefined()
  })

  test('a refusal after a lost answer is success when the operation is on chain', async () => {
    const { submit } = bundler([lost, refused('AA25 invalid account nonce')], {
      included: () => true,
    })
    expect(await submit()).toBe(hash)
  })

  test.each(['AA10 sender already constructed', 'AA25 invalid account nonce'])(
    'after a lost answer, %s means the operation itself, until the bundler finds it',
    async (message) => {
      let asked = 0
      const { submit } = bundler([lost, refused(message)], {
        included() {
          asked += 1
          return asked > 3
        },
      })
      expect(await submit()).toBe(hash)
      expect(asked).toBe(4)
    },
  )

  test('another refusal after a lost answer is the caller’s error, and the operation stays known', async () => {
    const { client, sent, submit } = bundler([lost, refused('AA32 paymaster expired')])
    await expect(submit()).rejects.toThrow('AA32')
    expect(sent).toHaveLength(2)
    expect(await client.sent.take(callData)).toEqual({ operation, state: 'dropped' })
  })

  test('ends with the hash when the time is over, and remembers the operation', async () => {
    const { client, submit } = bundler([lost], { timeout: 20 })
    const error = await submit().catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UserOperationUnansweredError)
    expect(error).toMatchObject({ hash })
    expect(await client.sent.take(callData)).toMatchObject({ operation })
  })

  test('another hash than that of the operation is no answer', async () => {
    const { sent, submit } = bundler([() => `0x${'cd'.repeat(32)}`, () => 'ok', accepted])
    expect(await submit()).toBe(hash)
    expect(sent).toHaveLength(3)
  })

  test('a refusal after a lost answer is success when only the chain has the operation', async () => {
    const { submit } = bundler([lost, refused('AA25 invalid account nonce')], { logs: () => [log] })
    expect(await submit()).toBe(hash)
  })

  test('as long as the chain does not say, no refusal is final', async () => {
    const silent = () => {
      throw new Error('range too large')
    }
    const { client, submit } = bundler([lost, refused('AA32 paymaster expired')], {
      logs: silent,
      timeout: 20,
    })
    await expect(submit()).rejects.toBeInstanceOf(UserOperationUnansweredError)
    expect(await client.sent.take(callData)).toMatchObject({ operation })
  })

  test('a nonce that another operation used is a refusal when the time is over', async () => {
    const { client, submit } = bundler([lost, refused('AA25 invalid account nonce')], {
      timeout: 20,
    })
    await expect(submit()).rejects.toThrow('AA25')
    expect(await client.sent.take(callData)).toBeUndefined()
  })

  test('one that the chain has unused then leaves the operation open', async () => {
    const { client, submit } = bundler([lost, refused('AA25 invalid account nonce')], {
      timeout: 20,
      nonce: 7n,
    })
    await expect(submit()).rejects.toThrow('AA25')
    expect(await client.sent.take(callData)).toEqual({ operation, state: 'dropped' })
  })

  test('the refusal of one of several bundlers hides no lost answer of another', async () => {
    const { client, submit } = bundler([refused('AA25 invalid account nonce')], { several: true })
    await expect(submit()).rejects.toThrow('AA25')
    expect(await client.sent.take(callData)).toMatchObject({ operation })
    const included = bundler([refused('AA25 invalid account nonce')], {
      several: true,
      logs: () => [log],
    })
    expect(await included.submit()).toBe(hash)
  })
})

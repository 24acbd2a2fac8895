import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  balanceEvents,
  CursorInvalidError,
  type EventCursor,
  followEvents,
  jobEvents,
  NodeUnavailableError,
  ReorganisationTooDeepError,
  watchEvents,
  watchJobs,
} from '@fabstir/sdk'
import { createPublicClient, erc20Abi, getAbiItem, webSocket } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { lost } from '../sdkServiceProxy.ts'
import { startWatchedChain, type WatchedChain } from './watchedChain.ts'

let chain: WatchedChain
let folder: string
const running: ChildProcess[] = []
const ends = new AbortController()
const transferEvent = getAbiItem({ abi: erc20Abi, name: 'Transfer' })

beforeAll(async () => {
  chain = await startWatchedChain()
  folder = await mkdtemp(join(tmpdir(), 'fabstir-watch-'))
}, 180_000)
afterEach(() => chain.proxy.answer())
afterAll(async () => {
  ends.abort()
  for (const child of running) child.kill('SIGKILL')
  await chain?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

/** A watcher that keeps the deposits that stand. */
function keep(
  client = chain.direct(),
  options: { confirmations?: number; fromBlock?: bigint } = {},
) {
  const standing: bigint[] = []
  const errors: unknown[] = []
  let removals = 0
  const unwatch = watchEvents(client, {
    events: { deposited: balanceEvents.PrepaidDeposited },
    fromBlock: 0n,
    pollingInterval: 20,
    maxBackOff: 50,
    maxBlockRange: 20,
    reorgDepth: 16,
    signal: ends.signal,
    ...options,
    onEvents(events) {
      for (const { args, removed } of events) {
        if (!removed) standing.push(args.amount)
        else {
          removals += 1
          expect(standing.pop()).toBe(args.amount)
        }
      }
    },
    onError: (error) => errors.push(error),
  })
  const settled = async () => {
    const expected = await chain.deposits()
    await vi.waitFor(() => expect(standing).toEqual(expected), { timeout: 20_000, interval: 20 })
  }
  return { standing, errors, settled, unwatch, removals: () => removals }
}

describe('reorganisations', () => {
  test('what they take back is told as removed, what stands is what is on the chain', async () => {
    await chain.deposit(3)
    const watcher = keep()
    await watcher.settled()
    await chain.reorganise(2)
    await watcher.settled()
    expect(watcher.removals()).toBe(2)
    await chain.deposit(2)
    await watcher.settled()
    await chain.reorganise(5)
    await chain.deposit(1)
    await watcher.settled()
    expect(watcher.removals()).toBeGreaterThanOrEqual(4)
    expect(watcher.errors).toEqual([])
    watcher.unwatch()
  })

  test('behind enough confirmations nothing is ever taken back', async () => {
    const watcher = keep(chain.direct(), { confirmations: 4 })
    await chain.deposit(1)
    await chain.reorganise(1)
    const last = await chain.deposit(2)
    await chain.mine(3)
    await expect.poll(() => watcher.standing.length, { timeout: 10_000 }).toBeGreaterThan(0)
    expect(watcher.standing).not.toContain(last)
    await chain.mine(4)
    await watcher.settled()
    expect(watcher.removals()).toBe(0)
    watcher.unwatch()
  })

  test('one that is deeper than remembered ends watching with an error', async () => {
    await chain.postJob()
    const failures: [unknown, boolean][] = []
    const seen: string[] = []
    let followed = 0n
    watchJobs(chain.direct(), {
      fromBlock: 0n,
      reorgDepth: 1,
      pollingInterval: 20,
      emptyBatches: true,
      signal: ends.signal,
      onEvents(events, { cursor }) {
        seen.push(...events.map(({ name }) => name))
        followed = BigInt(cursor.blockNumber ?? 0)
      },
      onError: (error, { ended }) => failures.push([error, ended]),
    })
    await chain.mine(5)
    const head = await chain.head()
    await expect.poll(() => followed, { timeout: 20_000 }).toBe(head)
    expect(seen).toEqual(['JobPosted'])
    await chain.reorganise(4)
    await chain.mine(5)
    await expect.poll(() => failures, { timeout: 10_000 }).toHaveLength(1)
    expect(failures[0]?.[0]).toBeInstanceOf(ReorganisationTooDeepError)
    expect(failures[0]?.[1]).toBe(true)
  })
})

describe('a node that loses questions and answers', () => {
  test('is asked again until nothing is missing, and every failure is told', async () => {
    // A linear congruential generator: the same losses in every run, in no rhythm that fits the questions.
    let state = 7
    const isLost = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return state / 2_147_483_648 < 0.2
    }
    chain.proxy.answer(async (_, forward) => {
      if (isLost()) return lost
      const answer = await forward()
      return isLost() ? lost : answer
    })
    const watcher = keep(chain.viaProxy())
    await chain.deposit(2)
    await chain.reorganise(1)
    await chain.deposit(2)
    await watcher.settled()
    expect(watcher.errors.length).toBeGreaterThan(3)
    expect(watcher.errors.every((error) => error instanceof NodeUnavailableError)).toBe(true)
    watcher.unwatch()
  })

  test('and that limits ranges is asked for less at a time', async () => {
    await chain.mine(100)
    const spans: number[] = []
    chain.proxy.answer(async ({ method, params, id }, forward) => {
      const [range] = params as [{ fromBlock?: string; toBlock?: string }]
      if (method !== 'eth_getLogs' || !range.fromBlock) return forward()
      const span = Number(range.toBlock) - Number(range.fromBlock) + 1
      spans.push(span)
      if (span <= 6) return forward()
      const error = { code: -32005, message: 'query exceeds max block range 6' }
      return JSON.stringify({ jsonrpc: '2.0', id, error })
    })
    const watcher = keep(chain.viaProxy())
    await watcher.settled()
    expect(spans.some((span) => span > 6)).toBe(true)
    expect(watcher.errors).toEqual([])
    watcher.unwatch()
  })
})

test('over WebSocket, new blocks are told and not asked for', async () => {
  const transport = webSocket(chain.rpcUrl.replace('http', 'ws'))
  const client = createPublicClient({ chain: chain.chain, transport })
  const standing: bigint[] = []
  const found = Promise.withResolvers<void>()
  const unwatch = watchEvents(chain.reader(client), {
    events: { deposited: balanceEvents.PrepaidDeposited },
    pollingInterval: 600_000,
    onEvents(events) {
      standing.push(...events.map(({ args }) => args.amount))
      found.resolve()
    },
    onError: found.reject,
  })
  // Polls would come every hundred minutes: each block has to wake the watcher.
  const posting = (async () => {
    while (standing.length === 0) await chain.deposit(1)
  })()
  await found.promise
  await posting
  unwatch()
  await (await client.transport.getRpcClient()).close()
})

test('an event that fits two names comes once, under the first', async () => {
  const { usdc } = chain.direct().contracts
  const head = await chain.head()
  const address = await chain.payItself(7n)
  const transfer = { contract: usdc, event: transferEvent } as const
  const events = {
    received: { ...transfer, args: { to: address } },
    sent: { ...transfer, args: { from: address } },
  }
  // By a range, and by the hash of the block.
  for (const reorgDepth of [1, 64]) {
    if (reorgDepth === 1) await chain.mine(3)
    const batches = followEvents(chain.direct(), { events, fromBlock: head + 1n, reorgDepth })
    for await (const batch of batches) {
      expect(batch.events.map(({ name, args }) => [name, args.value])).toEqual([['received', 7n]])
      break
    }
  }
})

test('a handler that fails is given the same events again', async () => {
  const head = await chain.head()
  const amount = await chain.deposit(1)
  const given: bigint[] = []
  const errors: unknown[] = []
  const unwatch = watchEvents(chain.direct(), {
    events: { deposited: balanceEvents.PrepaidDeposited },
    fromBlock: head + 1n,
    pollingInterval: 20,
    maxBackOff: 10,
    onEvents(events) {
      given.push(...events.map(({ args }) => args.amount))
      if (given.length === 1) throw new Error('the database is locked')
    },
    onError: (error) => errors.push(error),
  })
  await expect.poll(() => given, { timeout: 10_000 }).toEqual([amount, amount])
  expect(errors).toHaveLength(1)
  unwatch()
})

describe('a cursor', () => {
  const cursorOf = async (): Promise<EventCursor> => {
    const events = { deposited: balanceEvents.PrepaidDeposited }
    for await (const { cursor } of followEvents(chain.direct(), { events, fromBlock: 0n }))
      return cursor
    throw new Error('nothing was posted')
  }

  test('of other events, another chain or no cursor at all is refused', async () => {
    const cursor = await cursorOf()
    const next = (fromCursor: EventCursor | string) =>
      followEvents(chain.direct(), {
        events: { deposited: balanceEvents.PrepaidDeposited },
        fromCursor,
      }).next()
    const others = followEvents(chain.direct(), { events: jobEvents, fromCursor: cursor })
    await expect(others.next()).rejects.toThrow(/for other events/)
    await expect(next({ ...cursor, chainId: 1 })).rejects.toThrow(/of chain 1 and not of 31337/)
    await expect(next('{"version":1')).rejects.toBeInstanceOf(CursorInvalidError)
  })

  test('carries a process over kills and reorganisations, event by event', async () => {
    const file = join(folder, 'kept.json')
    const start = (until: bigint) => {
      const script = join(import.meta.dirname, 'watchProcess.ts')
      const child = spawn(process.execPath, [script, chain.proxy.url, file, `${until}`], {
        stdio: 'inherit',
      })
      running.push(child)
      return child
    }
    const kept = () =>
      existsSync(file)
        ? (JSON.parse(readFileSync(file, 'utf8')) as { standing: string[]; removed: number })
        : { standing: [], removed: 0 }
    for (let life = 1; life <= 3; life += 1) {
      const last = await chain.deposit(3)
      const child = start(last * 2n)
      await expect.poll(() => kept().standing.at(-1), { timeout: 30_000 }).toBe(`${last}`)
      child.kill('SIGKILL')
      await once(child, 'exit')
      await chain.reorganise(2)
    }
    const last = await chain.deposit(1)
    const [code] = await once(start(last), 'exit')
    expect(code).toBe(0)
    const { standing, removed } = kept()
    expect(standing.map(BigInt)).toEqual(await chain.deposits())
    expect(removed).toBeGreaterThanOrEqual(3)
  })
})

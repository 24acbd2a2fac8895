import fc from 'fast-check'
import { type Hash, keccak256, stringToHex } from 'viem'
import { expect, test } from 'vitest'
import { createBlockSpan } from '../contracts/blockSpan.ts'
import type { Block, ChainReader } from './chainReader.ts'
import { type FollowOptions, follow, type LogBatch } from './follow.ts'
import { type ChainLog, deliver, type Trail, takeBack } from './trail.ts'

type ModelBlock = Block & { logs: ChainLog[] }

/** A chain that grows and is reorganised by itself, seen through a node that fails, lags and forgets. */
class ModelChain {
  blocks: ModelBlock[] = []
  #made = 0
  #highest = 0

  constructor() {
    this.grow([0, 0])
  }

  /** Blocks with so many logs each. */
  grow(logCounts: readonly number[]) {
    for (const count of logCounts) {
      this.#made += 1
      const number = BigInt(this.blocks.length)
      const hash = keccak256(stringToHex(`block ${this.#made}`))
      const parentHash = this.blocks.at(-1)?.hash ?? `0x${'00'.repeat(32)}`
      const logs = Array.from({ length: count }, (_, index) => logIn({ number, hash }, index * 3))
      this.blocks.push({ number, hash, parentHash, timestamp: 0, logs })
    }
    this.#highest = Math.max(this.#highest, this.blocks.length - 1)
  }

  /** Replaces the newest blocks, but none that lies `depth` below the highest that there ever was. */
  reorganise(count: number, logCounts: readonly number[]) {
    const fixed = Math.max(1, this.#highest - Number(depth) + 1)
    this.blocks.length = Math.max(Math.min(fixed, this.blocks.length), this.blocks.length - count)
    this.grow(logCounts)
  }

  /** Higher than it ever was, as a chain that goes on becomes in the end. */
  recover() {
    for (let missing = this.#highest + 2 - this.blocks.length; missing > 0; missing -= 1)
      this.grow([missing % 2])
  }

  logs = (): ChainLog[] => this.blocks.flatMap(({ logs }) => logs)
}

const logIn = ({ number, hash }: { number: bigint; hash: Hash }, logIndex: number): ChainLog => ({
  address: '0x01',
  topics: [],
  data: '0x',
  blockNumber: number,
  blockHash: hash,
  transactionHash: hash,
  logIndex,
})

const depth = 8n
const keyOf = ({ blockHash, logIndex }: ChainLog) => `${blockHash} ${logIndex}`

/** What the node does when it is asked: `fail` answers nothing, `grow` and `reorganise` come just before the answer. */
type Event =
  | { kind: 'answer' | 'fail' }
  | { kind: 'lag'; blocks: number }
  | { kind: 'grow'; logs: number[] }
  | { kind: 'reorganise'; depth: number; logs: number[] }

const logCounts = (minLength: number) =>
  fc.array(fc.constantFrom(0, 1, 2), { minLength, maxLength: 5, size: 'max' })
const events = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant<Event>({ kind: 'answer' }) },
    { weight: 2, arbitrary: fc.constant<Event>({ kind: 'fail' }) },
    fc.record({ kind: fc.constant('lag' as const), blocks: fc.nat(3) }),
    fc.record({ kind: fc.constant('grow' as const), logs: logCounts(1) }),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('reorganise' as const),
        depth: fc.integer({ min: 1, max: 7 }),
        logs: logCounts(0),
      }),
    },
  ),
  { minLength: 10, maxLength: 250, size: 'max' },
)

/** A reader of the model. `next` tells what happens at each question; afterwards everything is answered. */
function readerOf(chain: ModelChain, next: () => Event | undefined): ChainReader {
  const happen = (): number => {
    const event = next()
    if (event?.kind === 'fail') throw new Error('lost')
    if (event?.kind === 'grow') chain.grow(event.logs)
    if (event?.kind === 'reorganise') chain.reorganise(event.depth, event.logs)
    return event?.kind === 'lag' ? event.blocks : 0
  }
  const seen = () => {
    const lag = happen()
    return chain.blocks.slice(0, Math.max(1, chain.blocks.length - lag))
  }
  return {
    async target() {
      const { number, hash } = seen().at(-1) as ModelBlock
      return { number, hash }
    },
    async block(number) {
      return seen()[Number(number)]
    },
    async logsOf({ hash }) {
      const block = seen().find((candidate) => candidate.hash === hash)
      if (!block) throw new Error('unknown block')
      return block.logs
    },
    async logsBetween(from, to) {
      happen()
      if (to - from > 6n) throw Object.assign(new Error('too many'), { code: -32005 })
      return chain.blocks.slice(Number(from), Number(to) + 1).flatMap(({ logs }) => logs)
    },
  }
}

const optionsFor = (reader: ChainReader, forHead: () => void): FollowOptions<LogBatch> => {
  const end = new AbortController()
  // The step before may have begun while there still was something to happen.
  let idle = 0
  return {
    toBatch: (batch) => batch,
    reader,
    depth,
    span: createBlockSpan(64n),
    together: createBlockSpan(16n),
    signal: end.signal,
    backOff: { first: 1, maximum: 2 },
    onFailure() {},
    waits: {
      async forHead() {
        forHead()
        if (quiet.has(reader)) idle += 1
        if (idle > 1) end.abort()
      },
      async pause() {},
    },
  }
}
/** Readers to which nothing happens any more. */
const quiet = new WeakSet<ChainReader>()

test('delivered without what was taken back is the chain, whatever happens to node and process', async () => {
  const scenario = fc.record({
    history: fc.array(fc.constantFrom(0, 0, 0, 1, 3), { maxLength: 60, size: 'max' }),
    start: fc.nat(10),
    happenings: events,
    /** After how many deliveries the process dies and starts again from its last cursor. */
    deaths: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8, size: 'max' }),
  })
  await fc.assert(
    fc.asyncProperty(scenario, async ({ history, start, happenings, deaths }) => {
      const chain = new ModelChain()
      chain.grow(history)
      const left = [...happenings]
      const reader = readerOf(chain, () => {
        const event = left.shift()
        if (!event && !quiet.has(reader)) {
          quiet.add(reader)
          chain.recover()
        }
        return event
      })
      const kept: ChainLog[] = []
      let cursor: Trail = { start: BigInt(start), marks: [], cut: false }
      const lives = [...deaths, Number.POSITIVE_INFINITY]
      for (const life of lives) {
        let deliveries = 0
        const begin = cursor
        const ends = life !== Number.POSITIVE_INFINITY
        for await (const { logs, removed, before, after } of follow(
          async () => begin,
          optionsFor(reader, () => {
            // A process that waits may die as well.
            if (ends) deliveries += 1
          }),
        )) {
          let within = before
          for (const log of logs) {
            if (deliveries >= life) break
            deliveries += 1
            // Nothing but the newest is taken back, and nothing comes twice.
            if (removed) expect(keyOf(kept.pop() as ChainLog)).toBe(keyOf(log))
            else kept.push(log)
            within = removed ? takeBack(within) : deliver(within, log)
            cursor = within
          }
          if (deliveries >= life) break
          cursor = after
        }
      }
      const expected = chain.logs().filter(({ blockNumber }) => blockNumber >= BigInt(start))
      expect(kept.map(keyOf)).toEqual(expected.map(keyOf))
    }),
    { numRuns: 400 },
  )
})

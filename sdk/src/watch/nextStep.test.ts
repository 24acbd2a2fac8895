import { type Hash, numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { createBlockSpan } from '../contracts/blockSpan.ts'
import type { Block, ChainReader } from './chainReader.ts'
import { nextStep } from './nextStep.ts'
import type { ChainLog, Trail } from './trail.ts'

const hashOf = (number: bigint, fork = 0n): Hash => numberToHex(number * 16n + fork, { size: 32 })
const block = (number: bigint, fork = 0n, parentFork = fork): Block => ({
  number,
  hash: hashOf(number, fork),
  parentHash: hashOf(number - 1n, parentFork),
  timestamp: 0,
})
const log = (number: bigint, logIndex = 0): ChainLog => ({
  address: '0x01',
  topics: [],
  data: '0x',
  blockNumber: number,
  blockHash: hashOf(number),
  transactionHash: hashOf(number),
  logIndex,
})
/** Followed up to block 10, with one log of it delivered. */
const trail: Trail = {
  start: 0n,
  cut: true,
  marks: [9n, 10n].map((number) => {
    const logs = number === 10n ? [log(number)] : []
    return { number, hash: hashOf(number), logs, whole: true }
  }),
}
const step = (reader: Partial<ChainReader>) =>
  nextStep(trail, {
    depth: 64n,
    span: createBlockSpan(100n),
    together: createBlockSpan(16n),
    reader: {
      target: async () => ({ number: 11n, hash: hashOf(11n) }),
      block: async () => undefined,
      logsOf: async () => [],
      logsBetween: async () => [],
      ...reader,
    },
  })

describe('a node that', () => {
  test('lags behind, or does not have yet what it told of, is waited for', async () => {
    expect(
      await step({ target: async () => ({ number: 8n, hash: hashOf(8n, 1n) }) }),
    ).toBeUndefined()
    expect(await step({})).toBeUndefined()
  })

  test('has the same block as the newest has nothing new', async () => {
    expect(await step({ target: async () => ({ number: 10n, hash: hashOf(10n) }) })).toBeUndefined()
  })

  test('has another block of the same number has reorganised: its log is taken back', async () => {
    const taken = await step({ target: async () => ({ number: 10n, hash: hashOf(10n, 1n) }) })
    expect(taken).toMatchObject({ removed: true, logs: [log(10n)] })
    expect(taken?.trail.marks.map(({ number }) => number)).toEqual([9n])
  })

  test('has a next block that does not follow has reorganised', async () => {
    const reader = { block: async (number: bigint) => block(number, 1n) }
    expect(await step(reader)).toMatchObject({ removed: true, logs: [log(10n)] })
  })

  test('mixes two chains is taken at its word as far as its blocks follow', async () => {
    const reader = {
      target: async () => ({ number: 13n, hash: hashOf(13n, 1n) }),
      block: async (number: bigint) => block(number, number > 11n ? 1n : 0n),
    }
    expect((await step(reader))?.trail.marks.at(-1)?.number).toBe(11n)
  })
})

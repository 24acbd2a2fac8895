import { type Hash, numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { createBlockSpan } from './blockSpan.ts'
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

describe('a span', () => {
  test('is halved when the node refuses, and grows again', async () => {
    const span = createBlockSpan(64n)
    const asked: bigint[] = []
    const ask = (from: bigint) =>
      span.ask(from, 1000n, async (to) => {
        asked.push(to - from + 1n)
        if (to - from >= 16n) throw Object.assign(new Error('too many results'), { code: -32005 })
        return 'logs'
      })
    expect(await ask(0n)).toEqual({ to: 15n, result: 'logs' })
    expect(await ask(16n)).toMatchObject({ to: 31n })
    expect(asked).toEqual([64n, 32n, 16n, 32n, 16n])
  })

  test('is halved by the second silence in a row, and not by the first', async () => {
    const span = createBlockSpan(64n)
    const silent = Object.assign(new Error('no answer'), { name: 'TimeoutError' })
    const sizes: bigint[] = []
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await expect(span.ask(0n, 99n, () => Promise.reject(silent))).rejects.toBe(silent)
      sizes.push(span.size)
    }
    expect(sizes).toEqual([64n, 32n, 16n, 8n])
  })

  test('fails with what the node says when it refuses a single block', async () => {
    const refused = Object.assign(new Error('no archive'), { code: -32000 })
    const asking = createBlockSpan(4n).ask(0n, 9n, () => Promise.reject(refused))
    await expect(asking).rejects.toBe(refused)
  })
})

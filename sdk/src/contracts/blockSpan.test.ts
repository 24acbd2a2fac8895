import { describe, expect, test } from 'vitest'
import { createBlockSpan } from './blockSpan.ts'

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
    const asked: bigint[] = []
    const ask = (to: bigint) => {
      asked.push(to + 1n)
      return Promise.reject(silent)
    }
    for (let attempt = 0; attempt < 5; attempt += 1)
      await expect(span.ask(0n, 99n, ask)).rejects.toBe(silent)
    expect(asked).toEqual([64n, 64n, 32n, 16n, 8n])
  })

  test('fails with what the node says when it refuses a single block', async () => {
    const refused = Object.assign(new Error('no archive'), { code: -32000 })
    const asking = createBlockSpan(4n).ask(0n, 9n, () => Promise.reject(refused))
    await expect(asking).rejects.toBe(refused)
  })
})

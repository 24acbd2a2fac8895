import { describe, expect, test } from 'vitest'
import type { LogPages } from './boundedLog.ts'
import { boundLog } from './boundedLog.ts'

function setUp() {
  const log: LogPages & { reads: number } = { written: 0, copied: 0, reads: 0 }
  const copies: PromiseWithResolvers<void>[] = []
  const bound = boundLog({
    read: () => {
      log.reads++
      return log
    },
    copy() {
      const copy = Promise.withResolvers<void>()
      copies.push(copy)
      return copy.promise
    },
    limits: { copiedAfter: 10, anewAfter: 100, most: 200 },
  })
  const commit = (count: number) => {
    for (let n = 0; n < count; n++) bound.noteCommit()
  }
  return { log, copies, bound, commit }
}

test('it looks with each 16th commit', () => {
  const { log, commit } = setUp()
  commit(15)
  expect(log.reads).toBe(0)
  commit(17)
  expect(log.reads).toBe(2)
})

test.each([
  { written: 9, copied: 0, copies: 0 },
  { written: 10, copied: 0, copies: 1 },
  { written: 50, copied: 41, copies: 0 },
  { written: 50, copied: 40, copies: 1 },
])('$written pages of which $copied are copied: $copies copies', async (pages) => {
  const { log, copies, bound, commit } = setUp()
  Object.assign(log, pages)
  commit(16)
  expect(copies).toHaveLength(pages.copies)
  // Nobody waits for it.
  await bound.bounded()
})

describe('a log that is long enough', () => {
  test('begins anew: who waits for the disk waits for the rest, right after a copy', async () => {
    const { log, copies, bound, commit } = setUp()
    Object.assign(log, { written: 100, copied: 85 })
    commit(16)
    expect(copies).toHaveLength(1)
    // The copy is beside: nobody waits for it.
    await bound.bounded()
    commit(16)
    await bound.bounded()
    expect(copies).toHaveLength(1)

    Object.assign(log, { written: 103, copied: 100 })
    copies[0]?.resolve()
    await settled()
    // The log is looked at with the first commit after it, and again before anybody waits.
    commit(1)
    commit(31)
    let waited = false
    const waiting = bound.bounded().then(() => {
      waited = true
    })
    await settled()
    expect(waited).toBe(false)
    expect(copies).toHaveLength(2)
    copies[1]?.resolve()
    await waiting
    await bound.bounded()
    expect(copies).toHaveLength(2)
  })

  test('holds up the writers once for each copy when a reader keeps it from being copied', async () => {
    const { log, copies, bound, commit } = setUp()
    Object.assign(log, { written: 100, copied: 0 })
    for (let round = 1; round <= 3; round++) {
      commit(16)
      expect(copies).toHaveLength(2 * round - 1)
      copies.at(-1)?.resolve()
      await settled()
      commit(1)
      const waiting = bound.bounded()
      await settled()
      copies.at(-1)?.resolve()
      await waiting
      commit(15)
    }
  })

  test('with one page less lets nobody wait', async () => {
    const { log, copies, bound, commit } = setUp()
    Object.assign(log, { written: 99, copied: 0 })
    commit(16)
    copies[0]?.resolve()
    await settled()
    commit(1)
    await bound.bounded()
    expect(copies).toHaveLength(2)
  })
})

test('with the most pages who waits for the disk waits for a whole copy, until it has ended', async () => {
  const { log, copies, bound, commit } = setUp()
  Object.assign(log, { written: 200, copied: 199 })
  commit(16)
  expect(copies).toHaveLength(0)
  let waited = false
  const waiting = bound.bounded().then(() => {
    waited = true
  })
  await settled()
  expect(waited).toBe(false)
  copies[0]?.resolve()
  await waiting
  await bound.bounded()
  expect(copies).toHaveLength(1)
})

const settled = () => new Promise((resolve) => setImmediate(resolve))

import { expect, test } from 'vitest'
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
    limits: { copiedAfter: 10, most: 100 },
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

test('with the most pages who waits for the disk waits for a copy, until one has ended', async () => {
  const { log, copies, bound, commit } = setUp()
  Object.assign(log, { written: 100, copied: 99 })
  commit(16)
  expect(copies).toHaveLength(0)
  let waited = false
  const waiting = bound.bounded().then(() => {
    waited = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(waited).toBe(false)
  copies[0]?.resolve()
  await waiting
  await bound.bounded()
  expect(copies).toHaveLength(1)
})

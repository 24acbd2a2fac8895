import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { CopyThread } from './logCopier.ts'
import { createLogCopier } from './logCopier.ts'

/** Threads that are told what to do. */
function setUp() {
  const threads: (EventEmitter & { orders: number; isHeld: boolean })[] = []
  const copy = createLogCopier('unused', () => {
    const thread = Object.assign(new EventEmitter(), { orders: 0, isHeld: false })
    threads.push(thread)
    return Object.assign(thread, {
      postMessage: () => thread.orders++,
      ref: () => {
        thread.isHeld = true
      },
      unref: () => {
        thread.isHeld = false
      },
    }) as unknown as CopyThread
  })
  return { threads, copy }
}

test('no thread before the first copy, and one for all of them', async () => {
  const { threads, copy } = setUp()
  expect(threads).toHaveLength(0)
  const first = copy()
  expect(copy()).toBe(first)
  expect(threads).toMatchObject([{ orders: 1, isHeld: true }])
  threads[0]?.emit('message')
  await first
  expect(threads).toMatchObject([{ isHeld: false }])
  const second = copy()
  expect(threads).toMatchObject([{ orders: 2, isHeld: true }])
  threads[0]?.emit('message')
  await second
})

test('a thread that ends keeps nobody waiting, and the next copy has another one', async () => {
  const { threads, copy } = setUp()
  const first = copy()
  threads[0]?.emit('error', new Error('disk I/O error'))
  threads[0]?.emit('exit', 1)
  await first
  const second = copy()
  expect(threads).toMatchObject([{ orders: 1 }, { orders: 1 }])
  threads[1]?.emit('message')
  await second
})

test('a thread that cannot be started keeps nobody waiting, and the next copy tries again', async () => {
  let refused = 0
  const copy = createLogCopier('unused', () => {
    refused++
    throw new Error('EAGAIN')
  })
  await copy()
  await copy()
  expect(refused).toBe(2)
})

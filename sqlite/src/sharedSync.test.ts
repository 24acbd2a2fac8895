import { expect, test } from 'vitest'
import { sharedSync } from './sharedSync.ts'

function setUp() {
  const disk = { writes: 0, syncs: [] as PromiseWithResolvers<void>[] }
  const sync = sharedSync({
    writes: () => disk.writes,
    sync: () => {
      const running = Promise.withResolvers<void>()
      disk.syncs.push(running)
      return running.promise
    },
  })
  const write = () => {
    disk.writes++
    const state = { done: false, failed: undefined as unknown }
    const waiting = sync().then(
      () => {
        state.done = true
      },
      (reason: unknown) => {
        state.failed = reason
      },
    )
    return { state, waiting }
  }
  return { disk, sync, write }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

test('without a write nobody waits', async () => {
  const { disk, sync } = setUp()
  await sync()
  expect(disk.syncs).toHaveLength(0)
})

test('whoever wrote while the disk is waited for is served by the next wait, all of them by one', async () => {
  const { disk, write } = setUp()
  const first = write()
  const others = [write(), write(), write()]
  expect(disk.syncs).toHaveLength(1)
  disk.syncs[0]?.resolve()
  await first.waiting
  await settled()
  expect(others.map(({ state }) => state.done)).toEqual([false, false, false])
  expect(disk.syncs).toHaveLength(2)
  disk.syncs[1]?.resolve()
  await Promise.all(others.map(({ waiting }) => waiting))
  expect(others.every(({ state }) => state.done)).toBe(true)
  expect(disk.syncs).toHaveLength(2)
})

test('who only read waits for what is on its way, and no longer', async () => {
  const { disk, sync, write } = setUp()
  const first = write()
  const reader = sync()
  disk.syncs[0]?.resolve()
  await Promise.all([first.waiting, reader])
  await sync()
  expect(disk.syncs).toHaveLength(1)
})

test('after a failure nothing is called durable again, also what would have been written next', async () => {
  const { disk, sync, write } = setUp()
  const first = write()
  const second = write()
  disk.syncs[0]?.reject(new Error('EIO'))
  await Promise.all([first.waiting, second.waiting])
  const third = write()
  await third.waiting
  for (const { state } of [first, second, third])
    expect(state).toMatchObject({ done: false, failed: new Error('EIO') })
  await expect(sync()).rejects.toThrow('EIO')
  expect(disk.syncs).toHaveLength(1)
})

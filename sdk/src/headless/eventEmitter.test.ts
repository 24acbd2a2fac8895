import { afterEach, expect, test, vi } from 'vitest'
import { EventEmitter } from './eventEmitter.ts'

afterEach(() => vi.restoreAllMocks())

class Jobs extends EventEmitter<{ posted: number }> {
  post(job: number) {
    return this.emit('posted', job)
  }
}

test('a listener that throws or rejects is reported, and keeps neither the others nor the sender from going on', async () => {
  const told = vi.spyOn(console, 'error').mockReturnValue()
  const [thrown, rejected] = [new Error('thrown'), new Error('rejected')]
  const heard: number[] = []
  const jobs = new Jobs()
    .on('posted', () => {
      throw thrown
    })
    .once('posted', async () => {
      throw rejected
    })
    .on('posted', (job) => heard.push(job))
  expect([jobs.post(1), jobs.post(2)]).toEqual([true, true])
  expect(heard).toEqual([1, 2])
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(3))
  expect(told.mock.calls.flat().toSorted()).toEqual([rejected, thrown, thrown])
})

test('says whether anybody listens, and calls nobody who has left', () => {
  const listener = vi.fn()
  const jobs = new Jobs().on('posted', listener)
  expect(jobs.post(1)).toBe(true)
  expect(jobs.off('posted', listener).post(2)).toBe(false)
  expect(listener).toHaveBeenCalledExactlyOnceWith(1)
})

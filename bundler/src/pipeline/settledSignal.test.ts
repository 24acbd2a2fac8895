import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSettledSignal } from './settledSignal.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('it waits for the settlement that brings it about, and leaves no timer', async () => {
  const signal = createSettledSignal()
  let settled = 0
  const waited = signal.until(() => settled === 2, 1_000)
  for (settled = 1; settled <= 2; settled++) signal.notify()
  expect(await waited).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('what holds already is not waited for', async () => {
  expect(await createSettledSignal().until(() => true, 1_000)).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('it gives up after its time', async () => {
  const waited = createSettledSignal().until(() => false, 1_000)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await waited).toBe(false)
})

test('a fault of the question ends the waiting, and that of others goes on', async () => {
  const signal = createSettledSignal()
  let asked = 0
  const broken = signal.until(() => {
    if (asked++ > 0) throw new Error('broken')
    return false
  }, 1_000)
  let holds = false
  const sound = signal.until(() => holds, 1_000)
  holds = true
  signal.notify()
  await expect(broken).rejects.toThrow('broken')
  expect(await sound).toBe(true)
})

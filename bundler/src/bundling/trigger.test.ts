import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTrigger } from './trigger.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('createTrigger', () => {
  test('requests within the linger share one run', async () => {
    const run = vi.fn(async () => undefined)
    const trigger = createTrigger({ run, lingerMs: () => 2 })
    trigger.request()
    trigger.request()
    await vi.advanceTimersByTimeAsync(1)
    expect(run).not.toHaveBeenCalled()
    trigger.request()
    await vi.advanceTimersByTimeAsync(1)
    expect(run).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(100)
    expect(run).toHaveBeenCalledTimes(1)
  })

  test('a request during a run makes exactly one more run, after it', async () => {
    const runs = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let started = 0
    const run = vi.fn(async () => runs[started++]?.promise)
    const trigger = createTrigger({ run, lingerMs: () => 0 })
    trigger.request()
    await vi.advanceTimersByTimeAsync(0)
    trigger.request()
    trigger.request()
    await vi.advanceTimersByTimeAsync(100)
    expect(run).toHaveBeenCalledTimes(1)
    runs[0]?.resolve()
    await vi.advanceTimersByTimeAsync(0)
    expect(run).toHaveBeenCalledTimes(2)
    runs[1]?.resolve()
    await vi.advanceTimersByTimeAsync(100)
    expect(run).toHaveBeenCalledTimes(2)
  })

  test('after stop nothing runs', async () => {
    const run = vi.fn(async () => undefined)
    const trigger = createTrigger({ run, lingerMs: () => 1 })
    trigger.request()
    await trigger.stop()
    trigger.request()
    await vi.advanceTimersByTimeAsync(100)
    expect(run).not.toHaveBeenCalled()
  })
})

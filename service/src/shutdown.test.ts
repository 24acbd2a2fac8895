import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { stopOnSignals } from './shutdown.ts'

const exit = vi.fn()
const tell = vi.fn()
let handlers: Map<string, () => void>

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  handlers = new Map()
})
afterEach(() => void vi.useRealTimers())

function stopWith(close: () => Promise<void>) {
  stopOnSignals({
    ...{ name: 'example', unfinished: 'the journal keeps it' },
    ...{ close, exit, tell, timeoutMs: 1_000 },
    onSignal: (signal, handler) => handlers.set(signal, handler),
  })
}

describe('stopOnSignals', () => {
  test.each(['SIGTERM', 'SIGINT'])(
    '%s ends with 0 when everything was finished',
    async (signal) => {
      stopWith(async () => undefined)
      handlers.get(signal)?.()
      await vi.advanceTimersByTimeAsync(5_000)
      expect(exit.mock.calls).toEqual([[0]])
    },
  )

  test('what takes longer than the limit ends with 1, and says so', async () => {
    stopWith(() => new Promise(() => undefined))
    handlers.get('SIGTERM')?.()
    await vi.advanceTimersByTimeAsync(999)
    expect(exit).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(exit.mock.calls).toEqual([[1]])
    expect(tell.mock.calls[0]?.[0]).toBe(
      'example: not finished after 1000 ms; the journal keeps it',
    )
  })

  test('what fails ends with 1 and its message', async () => {
    stopWith(() => Promise.reject(new Error('store gone')))
    handlers.get('SIGINT')?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(exit.mock.calls).toEqual([[1]])
    expect(tell).toHaveBeenCalledWith('example: store gone')
  })

  test.each([
    { second: 'SIGINT', code: 130 },
    { second: 'SIGTERM', code: 143 },
  ])('a second signal, $second, ends at once with $code', ({ second, code }) => {
    stopWith(() => new Promise(() => undefined))
    handlers.get('SIGTERM')?.()
    handlers.get(second)?.()
    expect(exit.mock.calls).toEqual([[code]])
  })
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { testHash } from '../../testing/pooledOperation.ts'
import { createConnection } from './connection.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function connection(bufferedAmount = 0) {
  const socket = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount,
    send: vi.fn(),
    close: vi.fn(),
    terminate: vi.fn(),
    pause: vi.fn(),
    resume: vi.fn(),
  }
  const answers = new Map<string, () => void>()
  const { onMessage } = createConnection({
    socket,
    caller: { boost: false, charge: () => undefined },
    answering: {
      dispatch: (method) => new Promise<void>((resolve) => answers.set(method, resolve)),
      maxBatch: 1,
      maxBatchAnswer: 100_000,
      onUnexpected: () => undefined,
    },
    limits: { maxSubscriptions: 1, maxBufferedBytes: 100, maxConcurrent: 2, closeTimeoutMs: 50 },
    newId: () => testHash(1),
  })
  const ask = (method: string) =>
    onMessage(JSON.stringify({ jsonrpc: '2.0', id: 1, method }), false)
  return { socket, answers, ask }
}

test.each([
  { unread: 100, closes: 0 },
  { unread: 101, closes: 1 },
])(
  '$unread of 100 unread bytes: closed $closes times, with 1013 and the numbers',
  async (given) => {
    const { socket, answers, ask } = connection(given.unread)
    const asked = ask('x')
    answers.get('x')?.()
    await asked
    expect(socket.close).toHaveBeenCalledTimes(given.closes)
    if (given.closes === 0) return
    expect(socket.close).toHaveBeenCalledWith(1013, 'slow consumer: 101 bytes unread, at most 100')
    vi.advanceTimersByTime(49)
    expect(socket.terminate).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(socket.terminate).toHaveBeenCalledTimes(1)
    await ask('y')
    expect(answers.has('y')).toBe(false)
  },
)

test('at two unanswered messages it reads no more, until one is answered', async () => {
  const { socket, answers, ask } = connection()
  const first = ask('a')
  expect(socket.pause).not.toHaveBeenCalled()
  void ask('b')
  expect(socket.pause).toHaveBeenCalledTimes(1)
  answers.get('a')?.()
  await first
  expect(socket.resume).toHaveBeenCalled()
})

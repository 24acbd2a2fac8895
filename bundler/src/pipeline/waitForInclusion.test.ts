import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOperationFeed } from '../history/operationFeed.ts'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import type { OperationEvent } from '../types/operationEvent.ts'
import { waitForInclusion } from './waitForInclusion.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const event = (n: number, status: OperationEvent['status'], fields = {}): OperationEvent => ({
  userOpHash: testHash(n),
  sender: testAddress(1),
  entryPoint: testAddress(2),
  status,
  ...fields,
})

test('inclusion of this operation ends the wait, others do not', async () => {
  const { listen, publish } = createOperationFeed()
  const waiting = waitForInclusion(listen, testHash(1), 1_000)
  publish([event(2, 'included'), event(1, 'submitted'), event(1, 'pending')])
  vi.advanceTimersByTime(999)
  publish([event(1, 'included')])
  await expect(waiting).resolves.toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
})

test('a drop is an error with its rule', async () => {
  const { listen, publish } = createOperationFeed()
  const waiting = waitForInclusion(listen, testHash(1), 1_000)
  publish([event(1, 'dropped', { reason: { rule: 'AA33', message: 'm', revertData: '0x12' } })])
  await expect(waiting).rejects.toMatchObject({
    code: -32500,
    data: { rule: 'AA33', revertData: '0x12' },
  })
})

test('after the time it says that the operation is still pending', async () => {
  const { listen } = createOperationFeed()
  const waiting = waitForInclusion(listen, testHash(1), 1_000)
  vi.advanceTimersByTime(1_000)
  await expect(waiting).rejects.toMatchObject({
    code: -32012,
    message: `operation ${testHash(1)} is accepted, but was not included within 1000 ms`,
  })
})

import { numberToHex } from 'viem'
import { expect, test } from 'vitest'
import { createUnansweredOperations } from './unansweredOperations.ts'

const operation = (number: number, callData: `0x${string}` = '0x') => ({
  hash: numberToHex(number, { size: 32 }),
  callData,
  request: {} as never,
})

test('gives the oldest operation with the same calls, once', () => {
  const unanswered = createUnansweredOperations()
  const [first, second] = [operation(1, '0xaa'), operation(2, '0xaa')]
  for (const kept of [first, operation(3, '0xbb'), second]) unanswered.keep(kept)
  expect(unanswered.take('0xaa')).toBe(first)
  expect(unanswered.take('0xaa')).toBe(second)
  expect(unanswered.take('0xaa')).toBeUndefined()
})

test('gives no operation that is known to have ended', () => {
  const unanswered = createUnansweredOperations()
  unanswered.keep(operation(1, '0xaa'))
  unanswered.forget(operation(1).hash)
  expect(unanswered.take('0xaa')).toBeUndefined()
})

test('holds 1,000 operations: one more pushes the oldest out', () => {
  const unanswered = createUnansweredOperations()
  for (let number = 1; number <= 1001; number += 1)
    unanswered.keep(operation(number, numberToHex(number)))
  expect(unanswered.take('0x1')).toBeUndefined()
  expect(unanswered.take('0x2')).toBeDefined()
})

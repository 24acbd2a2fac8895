import { expect, test, vi } from 'vitest'
import type { HeadChange } from '../chain/headTracker.ts'
import { testBlock } from '../testing/bundle.ts'
import { createFollower } from './follow.ts'

/** A follower of a chain with one new block after the other, from block 10 on. */
function follower() {
  let number = 9
  const advance = vi.fn()
  const settle = vi.fn(async (_: HeadChange): Promise<void> => undefined)
  const afterwards = vi.fn(async (): Promise<void> => undefined)
  const onError = vi.fn()
  const settled: number[] = []
  const follow = createFollower({
    tracker: {
      async poll() {
        number += 1
        const head = testBlock(number)
        return { head, removed: [], added: [head], logs: [] }
      },
      advance,
      last: () => undefined,
    },
    settle,
    settleAtHead: async () => undefined,
    afterwards,
    hasInFlight: () => false,
    onSettled: (head) => settled.push(head.number),
    onError,
    now: () => 0,
  })
  return { follow, advance, settle, afterwards, onError, settled }
}

test('what fails beside does not hold up the head, and is told once', async () => {
  const { follow, advance, afterwards, onError, settled } = follower()
  afterwards.mockRejectedValue(new Error('the treasury cannot be asked'))
  await follow()
  await follow()
  expect(settled).toEqual([10, 11])
  expect(advance).toHaveBeenCalledTimes(2)
  expect(onError).toHaveBeenCalledTimes(1)
})

test('a change that could not be settled is not taken over', async () => {
  const { follow, advance, settle, settled } = follower()
  settle.mockRejectedValueOnce(new Error('the node went away'))
  await follow()
  expect({ settled, advanced: advance.mock.calls.length }).toEqual({ settled: [], advanced: 0 })
  await follow()
  expect(settled).toEqual([11])
})

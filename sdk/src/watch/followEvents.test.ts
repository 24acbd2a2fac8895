import { describe, expect, test } from 'vitest'
import { MalformedAnswerError } from '../errors/transport.ts'
import { logOf } from '../testing/chain.ts'
import { testNode } from '../testing/node.ts'
import { jobEvents } from './events.ts'
import { followEvents } from './followEvents.ts'

const renter = '0x1100000000000000000000000000000000000011'
const posted = (jobId: bigint) =>
  logOf('marketplace', 'JobPosted', {
    jobId,
    renter,
    token: renter,
    payment: 5n,
    modelId: 'llama-70b',
    deadline: 9n,
  })

describe('a log that cannot be decoded', () => {
  test.each([
    ['by the hash of its block', 64],
    ['by a range', 1],
  ])('is a failure that is told and tried again: %s', async (_, reorgDepth) => {
    let isCut = true
    const node = testNode({
      head: 9,
      logs: { 4: [posted(1n)] },
      answer({ method }, forward) {
        const answer = forward()
        if (method !== 'eth_getLogs' || !isCut) return answer
        return (answer as { data: string }[]).map((log) => {
          isCut = false
          return { ...log, data: log.data.slice(0, 66) }
        })
      },
    })
    const failures: unknown[] = []
    const onFailure = (error: unknown) => failures.push(error)
    for await (const { events } of followEvents(node, {
      events: jobEvents,
      fromBlock: 0n,
      reorgDepth,
      maxBackOff: 1,
      onFailure,
    })) {
      expect(events.map(({ name, args }) => [name, args])).toMatchObject([
        ['JobPosted', { jobId: 1n }],
      ])
      break
    }
    expect(failures).toEqual([expect.any(MalformedAnswerError)])
  })
})

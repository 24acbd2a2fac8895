import type { Hash } from 'viem'
import { describe, expect, test } from 'vitest'
import { NonceLaneBusyError, UserOperationUnansweredError } from '../errors/userOperation.ts'
import { createLaneQueue, type LaneQueue } from './laneQueue.ts'

const hash = (name: string) => `0x${name}` as Hash

function laneQueue(count: number) {
  const queue = createLaneQueue(count)
  const run = (send: Parameters<LaneQueue['run']>[0], settled: Parameters<LaneQueue['run']>[1]) =>
    queue.run(send, settled, 1000)
  return { ...queue, run }
}

describe('createLaneQueue', () => {
  test('a second operation of one lane waits until the first has settled', async () => {
    const queue = laneQueue(1)
    const events: string[] = []
    const settled = async (first: Hash) => {
      events.push(`settled ${first}`)
    }
    const send = (name: string) => async (lane: number) => {
      events.push(`send ${name} in ${lane}`)
      return hash(name)
    }
    await Promise.all([queue.run(send('a'), settled), queue.run(send('b'), settled)])
    expect(events).toEqual(['send a in 0', 'settled 0xa', 'send b in 0'])
  })

  test('two lanes carry two operations side by side, the third waits for one of them', async () => {
    const queue = laneQueue(2)
    const lanes: number[] = []
    const asked: Hash[] = []
    const run = (name: string) =>
      queue.run(
        async (lane) => {
          lanes.push(lane)
          return hash(name)
        },
        async (first) => asked.push(first),
      )
    await Promise.all([run('a'), run('b'), run('c')])
    expect(lanes).toEqual([0, 1, 0])
    expect(asked).toEqual(['0xa'])
  })

  test('a send that fails leaves its lane free and its error to its caller', async () => {
    const queue = laneQueue(1)
    const failing = queue.run(
      async () => {
        throw new Error('refused')
      },
      async () => undefined,
    )
    await expect(failing).rejects.toThrow('refused')
    const asked: Hash[] = []
    await queue.run(
      async () => hash('a'),
      async (first) => asked.push(first),
    )
    expect(asked).toEqual([])
  })

  test('an operation that is still pending keeps its lane, and the next sender is told', async () => {
    const queue = laneQueue(1)
    await queue.run(
      async () => hash('a'),
      async () => undefined,
    )
    const sent: string[] = []
    const next = (name: string, settled: () => Promise<void>) =>
      queue.run(async () => {
        sent.push(name)
        return hash(name)
      }, settled)
    await expect(next('b', () => Promise.reject(new Error('pending')))).rejects.toThrow('pending')
    expect(sent).toEqual([])
    await next('c', async () => undefined)
    expect(sent).toEqual(['c'])
  })

  test('an operation that nobody has answered for keeps its lane', async () => {
    const queue = laneQueue(1)
    const unanswered = new UserOperationUnansweredError({ hash: hash('a') })
    await expect(
      queue.run(
        () => Promise.reject(unanswered),
        async () => undefined,
      ),
    ).rejects.toBe(unanswered)
    const asked: Hash[] = []
    await queue.run(
      async () => hash('b'),
      async (first) => asked.push(first),
    )
    expect(asked).toEqual(['0xa'])
  })

  test('a released operation is not asked about again', async () => {
    const queue = laneQueue(1)
    const asked: Hash[] = []
    const settled = async (first: Hash) => asked.push(first)
    await queue.run(async () => hash('a'), settled)
    queue.release(hash('a'))
    await queue.run(async () => hash('b'), settled)
    expect(asked).toEqual([])
  })

  test('who waits too long for those before is told, and lets nobody past them', async () => {
    const queue = createLaneQueue(1)
    const sent: string[] = []
    const first = Promise.withResolvers<Hash>()
    const settled = async (operation: Hash) => sent.push(`settled ${operation}`)
    const before = queue.run(() => first.promise, settled, 1000)
    const impatient = queue.run(async () => hash('b'), settled, 1)
    const next = queue.run(
      async () => {
        sent.push('send c')
        return hash('c')
      },
      settled,
      1000,
    )
    await expect(impatient).rejects.toBeInstanceOf(NonceLaneBusyError)
    await expect(impatient).rejects.toMatchObject({ lane: 0, timeout: 1 })
    expect(sent).toEqual([])
    first.resolve(hash('a'))
    await Promise.all([before, next])
    expect(sent).toEqual(['settled 0xa', 'send c'])
  })
})

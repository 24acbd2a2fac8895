import type { Hash } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  NonceLaneBusyError,
  UserOperationTimeoutError,
  UserOperationUnansweredError,
} from '../errors/userOperation.ts'
import { createLaneQueue, type LaneTask } from './laneQueue.ts'

const hash = (name: string) => `0x${name}` as Hash

function laneQueue(count: number) {
  const queue = createLaneQueue(count)
  const run = (
    send: LaneTask['send'],
    settled: (hash: Hash) => Promise<unknown>,
    others: Partial<LaneTask> = {},
  ) =>
    queue.run({
      send,
      settled: async (operation) => void (await settled(operation)),
      timeout: 1000,
      ...others,
    })
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
    expect(asked).toEqual(['0xa', '0xb'])
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
    const pending = new UserOperationTimeoutError({ hash: hash('a'), timeout: 1000 })
    const refused = await next('b', () => Promise.reject(pending)).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(NonceLaneBusyError)
    expect(refused).toMatchObject({ lane: 0, timeout: 1000, cause: pending })
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
    const queue = laneQueue(1)
    const sent: string[] = []
    const first = Promise.withResolvers<Hash>()
    const settled = async (operation: Hash) => sent.push(`settled ${operation}`)
    const before = queue.run(() => first.promise, settled)
    const impatient = queue.run(async () => hash('b'), settled, { timeout: 1 })
    const next = queue.run(async () => {
      sent.push('send c')
      return hash('c')
    }, settled)
    await expect(impatient).rejects.toBeInstanceOf(NonceLaneBusyError)
    await expect(impatient).rejects.toMatchObject({ lane: 0, timeout: 1 })
    expect(sent).toEqual([])
    first.resolve(hash('a'))
    await Promise.all([before, next])
    expect(sent).toEqual(['settled 0xa', 'send c'])
  })

  test('an operation that never ends keeps its lane from the next one, and no other lane', async () => {
    const queue = laneQueue(3)
    const settled = async (operation: Hash) => {
      if (operation === '0xa') throw new Error('pending')
    }
    for (const name of ['a', 'b', 'c']) await queue.run(async () => hash(name), settled)
    const lanes: number[] = []
    for (const name of ['d', 'e', 'f']) {
      await queue.run(async (lane) => {
        lanes.push(lane)
        return hash(name)
      }, settled)
    }
    expect(lanes).not.toContain(0)
    expect(lanes).toHaveLength(3)
  })

  test('one that waits for a lane waits for all of them, and asks about each operation once', async () => {
    const queue = laneQueue(2)
    const asked: Hash[] = []
    const ends = new Map(['0xa', '0xb'].map((name) => [name, Promise.withResolvers<void>()]))
    const settled = (operation: Hash) => {
      asked.push(operation)
      return ends.get(operation)?.promise ?? Promise.resolve()
    }
    for (const name of ['a', 'b']) await queue.run(async () => hash(name), settled)
    const waiting = ['c', 'd'].map((name) => queue.run(async () => hash(name), settled))
    await new Promise((resolve) => setTimeout(resolve))
    expect(asked).toEqual(['0xa', '0xb'])
    ends.get('0xb')?.resolve()
    expect(await waiting[0]).toBe('0xc')
    ends.get('0xa')?.resolve()
    expect(await waiting[1]).toBe('0xd')
    expect(asked.filter((operation) => operation === '0xa')).toHaveLength(1)
  })

  test('what is sent again takes its own lane, and does not wait for itself', async () => {
    const queue = laneQueue(3)
    const never = () => new Promise<void>(() => undefined)
    for (const name of ['a', 'b']) await queue.run(async () => hash(name), never)
    const lanes: number[] = []
    const again = (operation: Hash, lane: number) =>
      queue.run(
        async (own) => {
          lanes.push(own)
          return operation
        },
        async () => undefined,
        { lost: { hash: operation, lane } },
      )
    await again(hash('b'), 1)
    expect(lanes).toEqual([1])
    // Another one has its lane: that one has to end before.
    await again(hash('x'), 1)
    // Lanes that nobody has used since the process began.
    await createLaneQueue(3).run({
      send: async (own) => {
        lanes.push(own)
        return hash('y')
      },
      settled: never,
      timeout: 1000,
      lost: { hash: hash('y'), lane: 2 },
    })
    expect(lanes).toEqual([1, 1, 2])
  })

  test('what waits for its own lane lets others past, into another one', async () => {
    const queue = laneQueue(2)
    const never = () => new Promise<void>(() => undefined)
    await queue.run(async () => hash('a'), never)
    const end = Promise.withResolvers<void>()
    const replaced = queue.run(
      async () => hash('x'),
      () => end.promise,
      { lost: { hash: hash('lost'), lane: 0 } },
    )
    expect(await queue.run(async (lane) => hash(`b${lane}`), never)).toBe('0xb1')
    end.resolve()
    expect(await replaced).toBe('0xx')
  })

  test('a lane in which nothing was sent is free', async () => {
    const queue = laneQueue(1)
    const asked: Hash[] = []
    const settled = async (first: Hash) => asked.push(first)
    expect(await queue.run(async () => undefined, settled)).toBeUndefined()
    await queue.run(async () => hash('a'), settled)
    expect(asked).toEqual([])
  })
})

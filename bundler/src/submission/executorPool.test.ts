import { beforeEach, describe, expect, test } from 'vitest'
import { testAddress } from '../testing/pooledOperation.ts'
import { createExecutorPool } from './executorPool.ts'

const [first, second] = [testAddress(1), testAddress(2)]
let inFlight: Map<string, number[]>
let stuck: Set<string>
let time: number

function poolOf(maxInFlight: number) {
  return createExecutorPool({
    executors: [first, second].map((address) => ({
      account: { address, signTransaction: async () => '0x' },
      confirmedNonce: 0,
    })),
    maxInFlight,
    load: (address) => ({ nonces: inFlight.get(address) ?? [], stuck: stuck.has(address) }),
    now: () => time,
  })
}

beforeEach(() => {
  inFlight = new Map()
  stuck = new Set()
  time = 0
})

describe('places', () => {
  test('with one bundle each: once until released, longest idle first', () => {
    const pool = poolOf(1)
    const acquire = () => pool.acquire()?.account.address
    expect([acquire(), acquire(), acquire()]).toEqual([first, second, undefined])
    pool.release(second)
    pool.release(first)
    expect([acquire(), acquire()]).toEqual([second, first])
  })

  test('with two bundles each: the executor with the fewest comes first', () => {
    const pool = poolOf(2)
    inFlight.set(first, [5])
    const taken = [1, 2, 3, 4].map(() => pool.acquire()?.account.address)
    expect(taken).toEqual([second, first, second, undefined])
  })

  test('a stuck one gets no more, and stops no other', () => {
    const pool = poolOf(3)
    stuck.add(first)
    inFlight.set(first, [5])
    const taken = [1, 2, 3, 4].map(() => pool.acquire()?.account.address)
    expect(taken).toEqual([second, second, second, undefined])
  })

  test('a suspended one rests until its time', () => {
    const pool = poolOf(1)
    const acquire = () => pool.acquire()?.account.address
    acquire()
    pool.suspend(first, 100)
    pool.release(first)
    expect([acquire(), acquire()]).toEqual([second, undefined])
    time = 99
    expect(acquire()).toBeUndefined()
    time = 100
    expect(acquire()).toBe(first)
  })
})

describe('nextNonce', () => {
  test.each([
    { confirmed: 7, taken: [], next: 7 },
    { confirmed: 7, taken: [7, 8], next: 9 },
    { confirmed: 7, taken: [8, 9], next: 7 },
    { confirmed: 7, taken: [7, 9], next: 8 },
  ])('$confirmed confirmed, $taken in flight: $next', ({ confirmed, taken, next }) => {
    const pool = poolOf(4)
    pool.setConfirmedNonce(first, confirmed)
    inFlight.set(first, taken)
    expect(pool.nextNonce(first)).toBe(next)
  })

  test('in turn: whoever comes second sees what the first one took', async () => {
    const pool = poolOf(4)
    const take = () =>
      pool.inTurn(first, async () => {
        const nonce = pool.nextNonce(first)
        await Promise.resolve()
        inFlight.set(first, [...(inFlight.get(first) ?? []), nonce])
        return nonce
      })
    const failing = pool.inTurn(first, () => Promise.reject(new Error('no signature')))
    expect(await Promise.all([take(), take(), take()])).toEqual([0, 1, 2])
    await expect(failing).rejects.toThrow('no signature')
  })
})

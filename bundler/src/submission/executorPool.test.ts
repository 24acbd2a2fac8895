import { beforeEach, describe, expect, test } from 'vitest'
import { testAddress } from '../testing/pooledOperation.ts'
import { createExecutorPool } from './executorPool.ts'

const [first, second] = [testAddress(1), testAddress(2)]
let busy: Set<string>
let time: number
let pool: ReturnType<typeof createExecutorPool>

beforeEach(() => {
  busy = new Set()
  time = 0
  pool = createExecutorPool({
    executors: [first, second].map((address) => ({
      account: { address, signTransaction: async () => '0x' },
      nonce: 0,
    })),
    isBusy: (address) => busy.has(address),
    now: () => time,
  })
})

const acquire = () => pool.acquire()?.account.address

describe('createExecutorPool', () => {
  test('each executor is handed out once until it is released, longest idle first', () => {
    expect([acquire(), acquire(), acquire()]).toEqual([first, second, undefined])
    pool.release(second)
    pool.release(first)
    expect([acquire(), acquire()]).toEqual([second, first])
  })

  test('one with a bundle in flight is passed over, the others are not', () => {
    busy.add(first)
    expect([acquire(), acquire()]).toEqual([second, undefined])
    busy.delete(first)
    expect(acquire()).toBe(first)
  })

  test('a suspended one rests until its time', () => {
    acquire()
    pool.suspend(first, 100)
    expect([acquire(), acquire()]).toEqual([second, undefined])
    time = 99
    expect(acquire()).toBeUndefined()
    time = 100
    expect(acquire()).toBe(first)
  })

  test('a nonce that the chain told is the next one used', () => {
    pool.setNonce(first, 7)
    expect(pool.acquire()?.nonce).toBe(7)
  })
})

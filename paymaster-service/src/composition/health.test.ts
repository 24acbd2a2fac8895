import { describe, expect, test } from 'vitest'
import { openTestLedger } from '../testing/ledgers.ts'
import { healthOf, watchStore } from './health.ts'

async function setUp() {
  const { store } = await openTestLedger('memory')
  const state = {
    following: true,
    quietMs: 0,
    idleMs: 0,
    nodeIsDown: false,
    pingFails: false,
    own: [] as string[],
    asked: 0,
  }
  const watched = watchStore({
    ...store,
    ping: async () => {
      if (state.pingFails) throw new Error('file is not a database')
    },
  })
  const health = healthOf({
    chain: {
      async block() {
        state.asked++
        if (state.nodeIsDown) throw new Error('ECONNREFUSED')
        return undefined
      },
    },
    store: watched,
    settlement: {
      following: () => state.following,
      quietMs: () => state.quietMs,
      idleMs: () => state.idleMs,
    },
    paymasters: { problems: async () => state.own },
  })
  return { state, health, watched }
}

describe('a service', () => {
  test('without problems is ready and sound', async () => {
    const { health } = await setUp()
    expect(await health.problems()).toEqual([])
    expect(await health.faults()).toEqual([])
  })

  test('asks its node once for all who ask meanwhile', async () => {
    const { health, state } = await setUp()
    await Promise.all(Array.from({ length: 50 }, () => health.problems()))
    expect(state.asked).toBe(1)
    state.nodeIsDown = true
    expect(await health.problems()).toEqual(['the chain node does not answer'])
  })

  test.each([
    { change: { nodeIsDown: true }, problem: 'the chain node does not answer', fault: false },
    { change: { pingFails: true }, problem: 'the store cannot be read', fault: true },
    { change: { following: false }, problem: 'the ledger does not follow the chain yet' },
    { change: { quietMs: 30_001 }, problem: 'the ledger has not followed the chain for 30 s' },
    { change: { own: ['the deposit is used up'] }, problem: 'the deposit is used up' },
  ])('$problem: not ready', async ({ change, problem, fault = false }) => {
    const { health, state } = await setUp()
    Object.assign(state, change)
    expect(await health.problems()).toEqual([problem])
    expect(await health.faults()).toEqual(fault ? [problem] : [])
  })

  test.each([
    { idleMs: 600_000, faults: [] },
    { idleMs: 600_001, faults: ['the ledger has stopped following the chain'] },
  ])('whose loop did nothing for $idleMs ms: $faults', async ({ idleMs, faults }) => {
    const { health, state } = await setUp()
    state.idleMs = idleMs
    expect(await health.faults()).toEqual(faults)
  })

  test.each([
    { message: 'database or disk is full' },
    { message: 'disk I/O error' },
    { message: 'attempt to write a readonly database' },
    { message: 'could not extend file', code: '53100' },
  ])('whose store says "$message" is not ready until it can be written again', async (error) => {
    const { health, watched } = await setUp()
    const failing = watched.transaction(async () => {
      throw Object.assign(new Error(error.message), { code: error.code })
    })
    await expect(failing).rejects.toThrow(error.message)
    expect(await health.problems()).toEqual(['the store cannot be written'])
    await watched.transaction(async () => undefined)
    expect(await health.problems()).toEqual([])
  })

  test('stays ready when a transaction fails for a reason of its own', async () => {
    const { health, watched } = await setUp()
    const failing = watched.transaction(() => Promise.reject(new Error('no such policy')))
    await expect(failing).rejects.toThrow()
    expect(await health.problems()).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import { testReputation } from '../testing/pool.ts'
import { testAddress } from '../testing/pooledOperation.ts'

const HOUR_MS = 3_600_000
const [entryPoint, other] = [testAddress(80), testAddress(70)]
const entity = testAddress(1)

function tracker(trusted: ReturnType<typeof testAddress>[] = []) {
  const clock = { now: 480_000 * HOUR_MS }
  return { clock, reputation: testReputation({ now: () => clock.now, trusted }) }
}
const counters = (opsSeen: bigint, opsIncluded = 0n, hour = 480_000) => ({
  entryPoint,
  address: entity,
  opsSeen,
  opsIncluded,
  hour,
})

describe('createReputationTracker', () => {
  test('each EntryPoint has its own counters', () => {
    const { reputation } = tracker()
    reputation.apply(entryPoint, [{ address: entity, effect: 'ban' }])
    expect(reputation.status(entryPoint, entity)).toBe('banned')
    expect(reputation.status(other, entity)).toBe('ok')
    expect(reputation.entries(other)).toEqual([])
    expect(reputation.outcasts(entryPoint)).toMatchObject([{ address: entity, status: 'banned' }])
  })

  test('one that came to zero is shown until the hour ends, then forgotten', () => {
    const { reputation, clock } = tracker()
    reputation.apply(entryPoint, [{ address: entity, effect: 'seen' }])
    reputation.apply(entryPoint, [{ address: entity, effect: 'unseen' }])
    expect(reputation.entries(entryPoint)).toMatchObject([{ opsSeen: 0n, status: 'ok' }])
    clock.now += HOUR_MS
    expect(reputation.entries(entryPoint)).toEqual([])
    expect(reputation.takeChanges()).toMatchObject([{ opsSeen: 0n, opsIncluded: 0n }])
  })

  test('hours pass for all, and a ban is lifted in time', () => {
    const { reputation, clock } = tracker()
    reputation.apply(entryPoint, [{ address: entity, effect: 'ban' }])
    clock.now += 80 * HOUR_MS
    expect(reputation.status(entryPoint, entity)).toBe('throttled')
    clock.now += 40 * HOUR_MS
    expect(reputation.outcasts(entryPoint)).toEqual([])
  })

  test('what was saved decays by the hours that the bundler was off', () => {
    const { reputation } = tracker()
    reputation.set([counters(240n, 24n, 479_999)])
    expect(reputation.entries(entryPoint)).toMatchObject([{ opsSeen: 230n, opsIncluded: 23n }])
    reputation.set([counters(240n, 24n, 480_005)])
    expect(reputation.entries(entryPoint)).toMatchObject([{ opsSeen: 240n, hour: 480_000 }])
  })

  test('a trusted entity is ok whatever its counters say', () => {
    const { reputation } = tracker([entity])
    reputation.apply(entryPoint, [{ address: entity, effect: 'ban' }])
    expect(reputation.standing(entryPoint, entity)).toMatchObject({ status: 'ok', trusted: true })
    expect(reputation.outcasts(entryPoint)).toEqual([])
  })

  test('changes are told once', () => {
    const { reputation } = tracker()
    reputation.apply(entryPoint, [{ address: entity, effect: 'seen' }])
    reputation.apply(entryPoint, [{ address: entity, effect: 'seen' }])
    expect(reputation.takeChanges()).toEqual([counters(2n)])
    expect(reputation.takeChanges()).toEqual([])
  })
})

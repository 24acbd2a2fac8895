import { describe, expect, test } from 'vitest'
import { alertsOf, type Health } from './alerts.ts'

const now = 1_800_000_000
const health = (fields: Partial<Health> = {}): Health => ({
  failures: 0,
  successes: 0,
  suspicious: 0,
  lastIncident: 0,
  breakerLevel: 0,
  incidents: [],
  ...fields,
})
const ids = (fields: Partial<Health>) => alertsOf(health(fields), now).map(({ id }) => id)

describe('alertsOf', () => {
  test('it is silent while nothing has happened', () => {
    expect(ids({})).toEqual([])
  })

  test.each([
    { failures: 2, successes: 20, alerts: [] },
    { failures: 3, successes: 29, alerts: ['failures'] },
    { failures: 3, successes: 30, alerts: [] },
    { failures: 1, successes: 0, alerts: ['failures'] },
  ])('$failures failures against $successes successes: $alerts', ({ alerts, ...fields }) => {
    expect(ids(fields)).toEqual(alerts)
  })

  test.each([
    { secondsAgo: 3_599, alerts: ['incident'] },
    { secondsAgo: 3_600, alerts: [] },
  ])('an incident $secondsAgo seconds ago: $alerts', ({ secondsAgo, alerts }) => {
    expect(ids({ lastIncident: now - secondsAgo })).toEqual(alerts)
  })

  test.each([
    { suspicious: 10, alerts: [] },
    { suspicious: 11, alerts: ['suspicious'] },
  ])('$suspicious suspicious activities: $alerts', ({ suspicious, alerts }) => {
    expect(ids({ suspicious })).toEqual(alerts)
  })

  test('a breaker above level 0 and each open case are one alert each', () => {
    const incidents = [
      { kind: 'dispute', event: 'EscrowDisputed', subject: 'jobId 7', openedAt: now },
      { kind: 'challenge', event: 'ProofChallenged', subject: 'challengeId 3', openedAt: now },
    ] as const
    expect(ids({ breakerLevel: 2, incidents })).toEqual([
      'breaker',
      'EscrowDisputed:jobId 7',
      'ProofChallenged:challengeId 3',
    ])
  })
})

import { type Address, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { emptyHosts, type HostEntry, scoreAt } from './indexHosts.ts'
import { emptyMarket } from './marketState.ts'
import { type Metric, type MetricsInput, metricsOf, renderPrometheus } from './metrics.ts'

const now = 1_800_000_000
const usdc: Address = '0x0000000000000000000000000000000000000005'

const input = (fields: Partial<MetricsInput> = {}): MetricsInput => ({
  market: emptyMarket(),
  hosts: emptyHosts(),
  breaker: { level: 0, failures: 0, successes: 0, suspicious: 0, lastIncident: 0 },
  minimumStake: 1_000n,
  tokens: new Map([
    [zeroAddress, { name: 'ETH', decimals: 18 }],
    [usdc, { name: 'USDC', decimals: 6 }],
  ]),
  openIncidents: 0,
  block: 12n,
  now,
  ...fields,
})
const host = (fields: Partial<HostEntry> = {}): HostEntry => ({
  stake: 1_000n,
  unbonding: 0n,
  registered: true,
  accepting: true,
  metadata: '',
  controller: zeroAddress,
  jailedUntil: 0,
  score: 100,
  scoredAt: now,
  ...fields,
})
const valuesOf = (metrics: Metric[], name: string) =>
  metrics.find((one) => one.name === `fabstir_${name}`)?.samples.map(({ value }) => value)

describe('metricsOf', () => {
  test('it counts payments of the last hour as velocity, by token', () => {
    const market = {
      ...emptyMarket(),
      payments: [
        { token: usdc, amount: 2_500_000n, time: now - 3_599 },
        { token: usdc, amount: 1_000_000n, time: now - 3_600 },
      ],
    }
    const metrics = metricsOf(input({ market }))
    expect(valuesOf(metrics, 'payment_velocity_per_hour')).toEqual([0, 2.5])
    expect(valuesOf(metrics, 'payments_total')).toEqual([0, 3.5])
  })

  test('a host with less than the minimum stake, or in jail, is registered and not active', () => {
    const hosts = {
      registrations: [now - 3_600, now - 10],
      hosts: new Map<Address, HostEntry>([
        ['0x0000000000000000000000000000000000000001', host()],
        ['0x0000000000000000000000000000000000000002', host({ stake: 999n })],
        ['0x0000000000000000000000000000000000000003', host({ registered: false })],
        ['0x0000000000000000000000000000000000000004', host({ jailedUntil: now + 1 })],
      ]),
    }
    const metrics = metricsOf(input({ hosts }))
    expect(valuesOf(metrics, 'hosts_registered')).toEqual([3])
    expect(valuesOf(metrics, 'hosts_active')).toEqual([1])
    expect(valuesOf(metrics, 'registrations_per_hour')).toEqual([1])
    // le 0, 50, 100, 150, 200, 500, 1000, +Inf
    expect(valuesOf(metrics, 'reputation_hosts')).toEqual([0, 0, 3, 3, 3, 3, 3, 3])
  })

  test('rates are whole without any work, and parts of it afterwards', () => {
    expect(valuesOf(metricsOf(input()), 'success_rate')).toEqual([1])
    const market = {
      ...emptyMarket(),
      successes: 3,
      failures: 1,
      completions: 2,
      completionSeconds: 90,
    }
    const metrics = metricsOf(input({ market }))
    expect(valuesOf(metrics, 'success_rate')).toEqual([0.75])
    expect(valuesOf(metrics, 'completion_seconds_average')).toEqual([45])
  })
})

test.each([
  { days: 29, score: 100 },
  { days: 30, score: 95 },
  { days: 60, score: 90 },
])('100 points are worth $score after $days days', ({ days, score }) => {
  expect(scoreAt(host(), now + days * 86_400)).toBe(score)
})

test('renderPrometheus writes the text format, with quotes in labels escaped', () => {
  const text = renderPrometheus([
    {
      name: 'fabstir_x_total',
      help: 'An x',
      type: 'counter',
      samples: [{ labels: { token: 'a"b\\c' }, value: 2 }, { value: 0.5 }],
    },
  ])
  expect(text).toBe(
    '# HELP fabstir_x_total An x\n# TYPE fabstir_x_total counter\nfabstir_x_total{token="a\\"b\\\\c"} 2\nfabstir_x_total 0.5\n',
  )
})

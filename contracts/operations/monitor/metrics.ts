import type { Address } from 'viem'
import { activeHosts, type HostState, scoreAt } from './indexHosts.ts'
import type { MarketState } from './marketState.ts'

export type Metric = {
  name: string
  help: string
  type: 'gauge' | 'counter'
  samples: readonly { labels?: Readonly<Record<string, string>>; value: number }[]
}

export type MetricsInput = {
  market: MarketState
  hosts: HostState
  breaker: {
    level: number
    failures: number
    successes: number
    suspicious: number
    lastIncident: number
  }
  /** FAB in wei. */
  minimumStake: bigint
  /** Name and decimals of each token that payments are counted in. */
  tokens: ReadonlyMap<Address, { name: string; decimals: number }>
  openIncidents: number
  /** Last block that was indexed. */
  block: bigint
  /** Unix seconds. */
  now: number
}

const hour = 3_600
/** Upper bounds of the reputation's distribution, in points. */
const scoreBounds = [0, 50, 100, 150, 200, 500, 1_000]

/** The system in numbers (mission rows 160 to 165, 213 and 214). */
export function metricsOf(input: MetricsInput): Metric[] {
  const { market, hosts, breaker, now } = input
  const { jobs, sessions } = market
  const jobsIn = (...statuses: string[]) =>
    [...jobs.values()].filter(({ status }) => statuses.includes(status)).length
  const sessionsIn = (...statuses: string[]) =>
    [...sessions.values()].filter(({ status }) => statuses.includes(status)).length
  const ended = market.successes + market.failures
  const active = activeHosts(hosts, input.minimumStake, now)

  return [
    gauge('breaker_level', 'Level of the circuit breaker, 0 to 3', breaker.level),
    gauge('breaker_failures', 'Failed single jobs as the breaker counts them', breaker.failures),
    gauge(
      'breaker_successes',
      'Paid jobs and sessions as the breaker counts them',
      breaker.successes,
    ),
    gauge(
      'breaker_suspicious',
      'Suspicious activities as the breaker counts them',
      breaker.suspicious,
    ),
    gauge(
      'breaker_last_incident_timestamp_seconds',
      'Unix seconds of the last incident, 0 for none',
      breaker.lastIncident,
    ),
    gauge('hosts_registered', 'Registered hosts', registered(hosts)),
    gauge('hosts_active', 'Hosts with at least the minimum stake', active.length),
    gauge(
      'registrations_per_hour',
      'Registrations in the last hour',
      hosts.registrations.filter((time) => now - time < hour).length,
    ),
    counter('jobs_posted_total', 'Single jobs posted', jobs.size),
    counter('jobs_completed_total', 'Single jobs paid', jobsIn('Released', 'Resolved')),
    counter('jobs_failed_total', 'Claimed jobs that missed their deadline', jobsIn('Failed')),
    counter('sessions_opened_total', 'Sessions opened', sessions.size),
    counter('sessions_settled_total', 'Sessions settled', sessionsIn('Settled')),
    gauge('sessions_open', 'Sessions not yet settled', sessionsIn('Active', 'Closing')),
    gauge(
      'success_rate',
      'Paid jobs and sessions, as a part of those and the failed ones; 1 while there is none',
      ended === 0 ? 1 : market.successes / ended,
    ),
    gauge(
      'completion_seconds_average',
      'Seconds from claim to result, on average; 0 while there is none',
      market.completions === 0 ? 0 : market.completionSeconds / market.completions,
    ),
    {
      name: 'fabstir_reputation_hosts',
      help: 'Registered hosts with at most this many points, cumulative',
      type: 'gauge',
      samples: distribution(hosts, now),
    },
    {
      name: 'fabstir_payments_total',
      help: 'Paid to hosts, in whole tokens',
      type: 'counter',
      samples: paid(input, () => true),
    },
    {
      name: 'fabstir_payment_velocity_per_hour',
      help: 'Paid to hosts in the last hour, in whole tokens',
      type: 'gauge',
      samples: paid(input, (time) => now - time < hour),
    },
    gauge(
      'incidents_open',
      'Disputes and challenges that wait for a decision',
      input.openIncidents,
    ),
    gauge('indexed_block', 'Last block that is counted', Number(input.block)),
  ]
}

/** Prometheus text format, version 0.0.4. */
export function renderPrometheus(metrics: readonly Metric[]): string {
  return metrics
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}`),
    ])
    .map((line) => `${line}\n`)
    .join('')
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([key, value]) =>
      `${key}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const gauge = (name: string, help: string, value: number): Metric => ({
  name: `fabstir_${name}`,
  help,
  type: 'gauge',
  samples: [{ value }],
})

const counter = (name: string, help: string, value: number): Metric => ({
  ...gauge(name, help, value),
  type: 'counter',
})

const registered = ({ hosts }: HostState) =>
  [...hosts.values()].filter((host) => host.registered).length

function distribution({ hosts }: HostState, now: number): Metric['samples'] {
  const scores = [...hosts.values()]
    .filter((host) => host.registered)
    .map((host) => scoreAt(host, now))
  return [...scoreBounds, Number.POSITIVE_INFINITY].map((bound) => ({
    labels: { le: bound === Number.POSITIVE_INFINITY ? '+Inf' : `${bound}` },
    value: scores.filter((score) => score <= bound).length,
  }))
}

function paid(
  { market, tokens }: MetricsInput,
  counts: (time: number) => boolean,
): Metric['samples'] {
  const sums = new Map<Address, bigint>([...tokens.keys()].map((token) => [token, 0n]))
  for (const { token, amount, time } of market.payments) {
    if (counts(time)) sums.set(token, (sums.get(token) ?? 0n) + amount)
  }
  return [...sums].map(([token, sum]) => {
    const { name, decimals } = tokens.get(token) ?? { name: token, decimals: 0 }
    return { labels: { token: name }, value: Number(sum) / 10 ** decimals }
  })
}

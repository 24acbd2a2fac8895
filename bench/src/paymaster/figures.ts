import type { Percentiles } from '../load/percentiles.ts'
import type { Contestant } from './services.ts'

/** What one contestant did in one round. */
export type RoundFigures = {
  requests: number
  /** Answered with data that pays. */
  sponsored: number
  /** Reasons with their count. */
  errors: Record<string, number>
  seconds: number
  /** CPU time of the contestant's process, of the chain's, and of the process that sent the requests. */
  cpuSeconds: number
  chainCpuSeconds: number
  loadCpuSeconds: number
  latencyMs: Percentiles
  /** Resident memory of its process at the end of the round. */
  rssBytes: number
}

export type ContestantFigures = {
  contestant: Contestant
  rounds: readonly RoundFigures[]
  /** Medians over the rounds. */
  opsPerSecond: number
  opsPerCpuSecond: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  chainCpuMsPerOp: number
}

export type Books = {
  /** Operations and wei that the ledger holds back for the policy. */
  operations: number
  reservedWei: string
  /** Operations that were answered, and what they may cost in all. */
  answered: number
  expectedWei: string
}

export type Ratios = { opsPerSecond: number; opsPerCpuSecond: number; p99: number }

export type PaymasterFigures = {
  machine: {
    cpu: string
    cores: number
    node: string
    loadAverage: { before: number; after: number }
  }
  concurrency: number
  senders: number
  contestants: readonly ContestantFigures[]
  /** The service on its embedded store against the peer: medians of the ratios of each round. */
  againstPeer?: Ratios
  /** Accounts of the service's stores after the run. */
  books: Partial<Record<Contestant, Books>>
}

export function summarize(
  contestant: Contestant,
  rounds: readonly RoundFigures[],
): ContestantFigures {
  const over = (value: (round: RoundFigures) => number) => median(rounds.map(value))
  return {
    contestant,
    rounds,
    opsPerSecond: over(perSecond),
    opsPerCpuSecond: over(perCpuSecond),
    p50Ms: over(({ latencyMs }) => latencyMs.p50),
    p95Ms: over(({ latencyMs }) => latencyMs.p95),
    p99Ms: over(({ latencyMs }) => latencyMs.p99),
    chainCpuMsPerOp: over(({ chainCpuSeconds, requests }) => (1_000 * chainCpuSeconds) / requests),
  }
}

/** In each round both ran under the same load of the machine. */
export function compare(own: ContestantFigures, peer: ContestantFigures): Ratios {
  const ratio = (value: (round: RoundFigures) => number) =>
    median(
      own.rounds.flatMap((round, index) => {
        const other = peer.rounds[index]
        return other ? [value(round) / value(other)] : []
      }),
    )
  return {
    opsPerSecond: ratio(perSecond),
    opsPerCpuSecond: ratio(perCpuSecond),
    p99: ratio(({ latencyMs }) => latencyMs.p99),
  }
}

export function perSecond({ sponsored, seconds }: RoundFigures): number {
  return sponsored / seconds
}

export function perCpuSecond({ sponsored, cpuSeconds }: RoundFigures): number {
  return sponsored / cpuSeconds
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper
  return (lower + upper) / 2
}

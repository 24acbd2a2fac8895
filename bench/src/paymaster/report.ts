import { renderTable } from '../../../contracts/operations/cli/table.ts'
import type { ContestantFigures, PaymasterFigures } from './figures.ts'
import type { Contestant } from './services.ts'

const names: Readonly<Record<Contestant, string>> = {
  sqlite: 'service, embedded store',
  postgres: 'service, PostgreSQL',
  'mock-paymaster': 'mock-paymaster (no accounts)',
}

/** The figures as tables. */
export function renderFigures(figures: PaymasterFigures): string {
  const { machine, concurrency, senders, contestants, againstPeer } = figures
  const own = contestants.find(({ contestant }) => contestant === 'sqlite')
  return [
    `pm_getPaymasterData, ${concurrency} in flight, ${senders} senders; ${machine.cores} cores (${machine.cpu}), Node ${machine.node}, load average ${machine.loadAverage.before.toFixed(1)} before and ${machine.loadAverage.after.toFixed(1)} after`,
    renderTable([
      [
        ...['', 'sponsored', 'ops/s', 'ops/CPU-s', 'p50 ms', 'p95 ms', 'p99 ms'],
        ...['chain CPU ms/op', 'load CPU ms/op'],
      ],
      ...contestants.map(rowOf),
    ]),
    ...(againstPeer
      ? [
          `embedded store against the mock-paymaster, medians of the rounds' ratios: ${againstPeer.opsPerSecond.toFixed(1)} x the ops/s, ${againstPeer.opsPerCpuSecond.toFixed(1)} x the ops/CPU-s, ${againstPeer.p99.toFixed(2)} x the p99`,
        ]
      : []),
    ...(own ? [`memory of the service on its embedded store\n${memoryTable(own)}`] : []),
    ...Object.entries(figures.books).map(
      ([name, { operations, reservedWei, expectedWei }]) =>
        `${names[name as Contestant]}: ${operations} operations in the ledger, ${reservedWei} wei held back, ${expectedWei} expected`,
    ),
  ].join('\n\n')
}

function rowOf(figures: ContestantFigures): string[] {
  const { rounds, contestant } = figures
  const sum = (value: (round: (typeof rounds)[number]) => number) =>
    rounds.reduce((total, round) => total + value(round), 0)
  const requests = sum((round) => round.requests)
  return [
    names[contestant],
    `${sum(({ sponsored }) => sponsored)} of ${requests}`,
    figures.opsPerSecond.toFixed(0),
    figures.opsPerCpuSecond.toFixed(0),
    figures.p50Ms.toFixed(1),
    figures.p95Ms.toFixed(1),
    figures.p99Ms.toFixed(1),
    figures.chainCpuMsPerOp.toFixed(3),
    ((1_000 * sum(({ loadCpuSeconds }) => loadCpuSeconds)) / requests).toFixed(3),
  ]
}

/** Resident memory after each round. */
function memoryTable({ rounds }: ContestantFigures): string {
  let requests = 0
  return renderTable([
    ['requests', 'RSS MB', 'ops/s', 'ops/CPU-s', 'p99 ms'],
    ...rounds.map((round) => {
      requests += round.requests
      return [
        requests.toLocaleString('en'),
        (round.rssBytes / 1e6).toFixed(0),
        (round.sponsored / round.seconds).toFixed(0),
        (round.sponsored / round.cpuSeconds).toFixed(0),
        round.latencyMs.p99.toFixed(1),
      ]
    }),
  ])
}

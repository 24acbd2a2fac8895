import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { foundry } from 'viem/chains'
import { adapterOf } from '../../../test/system/paymasterFixture.ts'
import type { LoadGenerator } from '../load/loadGenerator.ts'
import { startLoadGenerator } from '../load/loadGenerator.ts'
import { percentiles } from '../load/percentiles.ts'
import { processUsage } from '../machine/processUsage.ts'
import { readBooks } from './books.ts'
import type { PaymasterFigures, RoundFigures } from './figures.ts'
import { compare, summarize } from './figures.ts'
import { operationAt, paymasterDataBody, sessionCallData } from './operations.ts'
import type { Scene } from './scene.ts'
import { benchEntryPoint, startScene } from './scene.ts'
import type { Contestant, RunningContestant } from './services.ts'
import { startContestant } from './services.ts'

export type PaymasterBenchParameters = {
  contestants: readonly Contestant[]
  /** Of the service on its embedded store, over all rounds. */
  requests: number
  /** Share of these, and of the warm-up, that the others are sent: they are slower, and their figures need fewer. */
  othersShare: number
  concurrency: number
  rounds: number
  senders: number
  /** Requests that the service on its embedded store answers before anything is measured. */
  warmUp: number
  onProgress(line: string): void
}

type Racer = RunningContestant & {
  sent: number
  rounds: RoundFigures[]
  answered: number
  expectedWei: bigint
}

/**
 * Measures `pm_getPaymasterData` of all contestants on one chain, in turns: each round all of them
 * meet the same load of the machine. Every operation is another one.
 */
export async function runPaymasterBench(
  parameters: PaymasterBenchParameters,
): Promise<PaymasterFigures> {
  const { contestants, concurrency, onProgress } = parameters
  const before = loadavg()[0] ?? 0
  const folder = await mkdtemp(join(tmpdir(), 'fabstir-bench-'))
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    onProgress(`chain with ${parameters.senders} accounts`)
    const scene = await startScene(parameters.senders)
    ends.push(() => scene.anvil.stop())
    const load = startLoadGenerator()
    ends.push(() => load.stop())
    const racers: Racer[] = []
    for (const name of contestants) {
      onProgress(`start ${name}`)
      const running = await startContestant(name, scene, folder)
      ends.push(() => running.stop())
      racers.push({ ...running, sent: 0, rounds: [], answered: 0, expectedWei: 0n })
    }
    const round = roundOf(scene, load, concurrency)
    for (const racer of racers) {
      onProgress(`warm up ${racer.name}`)
      await round(racer, shareOf(racer.name, parameters, parameters.warmUp), () => {})
    }
    for (let index = 0; index < parameters.rounds; index++) {
      // Whoever comes first in one round comes last in the next.
      for (const racer of index % 2 === 0 ? racers : racers.toReversed()) {
        const requests = shareOf(racer.name, parameters, parameters.requests / parameters.rounds)
        const figures = await round(racer, requests, (answered) =>
          onProgress(`round ${index + 1}: ${racer.name} ${answered}`),
        )
        racer.rounds.push(figures)
        onProgress(`round ${index + 1}: ${describe(racer.name, figures)}`)
      }
    }
    const figures = racers.map(({ name, rounds }) => summarize(name, rounds))
    const [own, peer] = (['sqlite', 'mock-paymaster'] as const).map((name) =>
      figures.find(({ contestant }) => contestant === name),
    )
    const books: PaymasterFigures['books'] = {}
    for (const { name, url, headers, answered, expectedWei } of racers)
      if (name !== 'mock-paymaster')
        books[name] = {
          ...(await readBooks(url, headers)),
          answered,
          expectedWei: `${expectedWei}`,
        }
    return {
      machine: {
        cpu: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        node: process.version,
        loadAverage: { before, after: loadavg()[0] ?? 0 },
      },
      concurrency,
      senders: parameters.senders,
      contestants: figures,
      ...(own && peer ? { againstPeer: compare(own, peer) } : {}),
      books,
    }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

/** What must not be in any run: the figures say nothing then. */
export function faultsOf({ contestants, books }: PaymasterFigures): string[] {
  const refused = contestants.flatMap(({ contestant, rounds }) =>
    rounds.flatMap(({ errors }) =>
      Object.entries(errors).map(([reason, count]) => `${contestant}: ${count} x ${reason}`),
    ),
  )
  const unaccounted = Object.entries(books).flatMap(
    ([name, { operations, answered, reservedWei, expectedWei }]) =>
      operations === answered && reservedWei === expectedWei
        ? []
        : [
            `${name}: the ledger holds ${operations} operations and ${reservedWei} wei, answered were ${answered} and ${expectedWei} wei`,
          ],
  )
  return [...refused, ...unaccounted]
}

function shareOf(
  name: Contestant,
  { othersShare }: PaymasterBenchParameters,
  requests: number,
): number {
  return Math.ceil(requests * (name === 'sqlite' ? 1 : othersShare))
}

function roundOf(scene: Scene, load: LoadGenerator, concurrency: number) {
  const callData = sessionCallData(scene.contracts, scene.contracts.registry)
  const chain = { entryPoint: benchEntryPoint, chainId: foundry.id }
  const adapter = adapterOf(benchEntryPoint)

  return async (
    racer: Racer,
    requests: number,
    onProgress: (answered: number) => void,
  ): Promise<RoundFigures> => {
    const ops = Array.from({ length: requests }, (_, index) =>
      operationAt(racer.sent + index, scene.senders, callData),
    )
    racer.sent += requests
    const bodies = ops.map((op, index) => paymasterDataBody(index, op, chain))
    const usages = () => Promise.all([processUsage(racer.pid), processUsage(scene.anvil.pid)])
    const before = await usages()
    const { url, headers } = racer
    const result = await load.run({ url, headers, bodies, concurrency }, onProgress)
    const after = await usages()
    const cpuOf = (index: 0 | 1) => after[index].cpuSeconds - before[index].cpuSeconds
    let sponsored = 0
    for (const [index, answer] of result.results.entries()) {
      const op = ops[index]
      const fields = readFields(answer)
      if (!op || !fields) continue
      sponsored++
      racer.answered++
      racer.expectedWei += adapter.requiredPrefund({ ...op, ...fields })
    }
    return {
      requests,
      sponsored,
      errors: Object.fromEntries(result.errors),
      seconds: result.seconds,
      cpuSeconds: cpuOf(0),
      chainCpuSeconds: cpuOf(1),
      loadCpuSeconds: result.cpuSeconds,
      latencyMs: percentiles(result.latenciesMs),
      rssBytes: after[0].rssBytes,
    }
  }
}

/** What an answer adds to its operation; `undefined` for one that does not pay. */
function readFields(answer: unknown) {
  if (typeof answer !== 'object' || answer === null) return undefined
  const {
    paymasterData,
    paymasterVerificationGasLimit = '0x0',
    paymasterPostOpGasLimit = '0x0',
  } = answer as Record<string, string>
  if (!paymasterData || paymasterData.length < 2 + 2 * 65) return undefined
  return {
    paymasterVerificationGasLimit: BigInt(paymasterVerificationGasLimit),
    paymasterPostOpGasLimit: BigInt(paymasterPostOpGasLimit),
  }
}

function describe(
  name: string,
  { sponsored, requests, seconds, cpuSeconds, latencyMs }: RoundFigures,
) {
  const rate = Math.round(sponsored / seconds)
  const rateOfCore = Math.round(sponsored / cpuSeconds)
  return `${name} sponsored ${sponsored} of ${requests}, ${rate}/s, ${rateOfCore}/CPU-s, p99 ${latencyMs.p99.toFixed(1)} ms`
}

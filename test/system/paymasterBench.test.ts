import { expect, test } from 'vitest'
import { renderFigures } from '../../bench/src/paymaster/report.ts'
import { faultsOf, runPaymasterBench } from '../../bench/src/paymaster/runPaymasterBench.ts'

test('a short run: every operation is another one, sponsored and in the ledger, and what is told is what was measured', async () => {
  const lines: string[] = []
  const figures = await runPaymasterBench({
    contestants: ['sqlite', 'mock-paymaster'],
    requests: 60,
    othersShare: 0.2,
    concurrency: 8,
    rounds: 2,
    senders: 5,
    warmUp: 4,
    onProgress: (line) => lines.push(line),
  })
  expect(faultsOf(figures)).toEqual([])
  expect(
    figures.contestants.map(({ contestant, rounds }) => [
      contestant,
      ...rounds.map(({ requests, sponsored }) => `${sponsored} of ${requests}`),
    ]),
  ).toEqual([
    ['sqlite', '30 of 30', '30 of 30'],
    ['mock-paymaster', '6 of 6', '6 of 6'],
  ])

  // 60 and the 4 of the warm-up, to the wei.
  const { sqlite } = figures.books
  expect(sqlite).toMatchObject({ operations: 64, answered: 64 })
  expect(sqlite?.reservedWei).toBe(sqlite?.expectedWei)
  expect(Object.keys(figures.books)).toEqual(['sqlite'])

  for (const { rounds } of figures.contestants)
    for (const { latencyMs, seconds, rssBytes, cpuSeconds } of rounds) {
      const { p50, p95, p99, max } = latencyMs
      expect([p50, p95, p99, max].toSorted((a, b) => a - b)).toEqual([p50, p95, p99, max])
      expect(p50).toBeGreaterThan(0)
      expect(max).toBeLessThanOrEqual(1_000 * seconds)
      expect(rssBytes).toBeGreaterThan(1e6)
      expect(cpuSeconds).toBeGreaterThanOrEqual(0)
    }
  expect(figures.againstPeer?.opsPerSecond).toBeGreaterThan(0)

  const report = renderFigures(figures)
  expect(report).toContain('60 of 60')
  expect(report).toContain('mock-paymaster (no accounts)')
  expect(lines.join('\n')).toContain('round 2: sqlite sponsored 30 of 30')

  // A refusal or a wei that is missing would be told.
  const [own, ...others] = figures.contestants
  const [round] = own?.rounds ?? []
  if (!own || !round || !sqlite) throw new RangeError('two rounds')
  const refused = { ...round, sponsored: 29, errors: { 'global.cap': 1 } }
  expect(
    faultsOf({
      ...figures,
      contestants: [{ ...own, rounds: [refused] }, ...others],
      books: { sqlite: { ...sqlite, reservedWei: `${BigInt(sqlite.reservedWei) - 1n}` } },
    }),
  ).toEqual([
    expect.stringContaining('1 x global.cap'),
    expect.stringContaining('the ledger holds'),
  ])
})

import { describe, expect, test } from 'vitest'
import { parseCoverage, shortfalls } from './coverageReport.ts'

const output = `  295 passing
╔══════════════════════════════════════════════════╗
║ File Coverage                                     ║
╟──────────────────────────┬────────┬─────────────┬─────────────────╢
║ File Path                │ Line % │ Statement % │ Uncovered Lines ║
╟──────────────────────────┼────────┼─────────────┼─────────────────╢
║ contracts/a/Ledger.sol   │ 96.08  │ 96.83       │ 83, 88-90       ║
║ contracts/a/FeeSplit.sol │ 100.00 │ 100.00      │ -               ║
╟──────────────────────────┼────────┼─────────────┼─────────────────╢
║ Total                    │ 98.53  │ 97.38       │                 ║
╚══════════════════════════╧════════╧═════════════╧═════════════════╝
`

describe('parseCoverage', () => {
  test('it reads every file and the totals', () => {
    expect(parseCoverage(output)).toEqual({
      files: [
        { path: 'contracts/a/Ledger.sol', lines: 96.08, statements: 96.83, uncovered: '83, 88-90' },
        { path: 'contracts/a/FeeSplit.sol', lines: 100, statements: 100, uncovered: '' },
      ],
      lines: 98.53,
      statements: 97.38,
    })
  })

  test('output without a table is no coverage', () => {
    expect(() => parseCoverage('295 passing')).toThrow('no coverage table')
  })
})

test('98 percent is enough, less of either is named', () => {
  const report = { files: [], lines: 98, statements: 97.99 }
  expect(shortfalls(report, 98)).toEqual(['statements 97.99 % of at least 98 %'])
  expect(shortfalls({ ...report, statements: 98 }, 98)).toEqual([])
})

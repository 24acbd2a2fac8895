import { formatUnits } from 'viem'
import type { AppBudget, BalanceCheck, BalanceLine, DemoReport, DemoStep } from './demoReport.ts'
import { renderTable } from './renderTable.ts'

/** The closing tables of the demo, for a terminal. */
export function renderReport(report: DemoReport, payerName: (address: string) => string): string {
  return [
    renderTable(
      ['', 'step', 'op hash', 'gas used', 'paid by', 'ms', 'result'],
      report.steps.map((step) => stepRow(step, payerName)),
      [3, 5],
    ),
    renderTable(['where', 'amount', ''], report.balances.map(balanceRow), [1]),
    renderTable(
      ['app', 'policy', 'counts for', 'budget (wei)', 'free', 'reserved', 'settled', 'operations'],
      report.budgets.map(budgetRow),
      [3, 4, 5, 6, 7],
    ),
    renderTable(
      ['every wei accounted for', 'left', 'right', ''],
      report.checks.map(checkRow),
      [1, 2],
    ),
  ].join('\n\n')
}

function stepRow(step: DemoStep, payerName: (address: string) => string): string[] {
  const { name, ok, userOpHash, gasUsed, payer, latencyMs, note } = step
  return [
    ok ? '✓' : '✗',
    name,
    userOpHash === null ? '–' : `${userOpHash.slice(0, 10)}…${userOpHash.slice(-4)}`,
    gasUsed === null ? '–' : gasUsed.toLocaleString('en-US'),
    payer === null ? '–' : payerName(payer),
    `${latencyMs}`,
    note,
  ]
}

const balanceRow = ({ label, amount, decimals, symbol }: BalanceLine): string[] => [
  label,
  formatUnits(amount, decimals),
  symbol,
]

const budgetRow = (line: AppBudget): string[] => [
  line.app,
  line.policyId,
  line.window === 'never' ? 'ever' : `a ${line.window}`,
  ...[line.budget, line.free, line.reserved, line.settled, line.operations].map(String),
]

const checkRow = ({ name, left, right }: BalanceCheck): string[] => [
  name,
  `${left}`,
  `${right}`,
  left === right ? '✓ equal' : '✗ differs',
]

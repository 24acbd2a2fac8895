import type { AppBudget, BalanceCheck } from '../report/demoReport.ts'

/** What holds of every app's budget, whatever its users try. */
export function budgetChecks(budgets: readonly AppBudget[]): BalanceCheck[] {
  return budgets.flatMap((line) => {
    const { app, budget, free, reserved, settled } = line
    const check = (name: string, left: bigint, right: bigint): BalanceCheck => ({
      name: `${app}: ${name}`,
      left,
      right,
    })
    return [
      check('budget = free + reserved + settled (wei)', budget, free + reserved + settled),
      check('settled = Σ actualGasCost (wei)', settled, line.charged),
      check('settled = usage report (wei)', settled, line.reported),
      check(
        'operations reported = on the chain',
        BigInt(line.operations),
        BigInt(line.chargedOperations),
      ),
    ]
  })
}

import type { DemoReport, DemoStep } from '../report/demoReport.ts'
import type { Devnet } from '../startDevnet.ts'
import { type Actors, createActors } from './actors.ts'
import { budgetChecks } from './budgetChecks.ts'
import { closingAccount, takeSnapshot } from './closingAccount.ts'
import { runLifecycle } from './lifecycle.ts'
import { readAppBudgets, settledAccount } from './readAppBudgets.ts'
import { runSmallApp } from './smallApp.ts'
import { createStepRunner, DemoStepError } from './stepRunner.ts'

/**
 * Runs one gasless session on a fresh devnet, and an app into the end of its budget. A failed step ends it; the report
 * then says which one.
 * @param onStep Called after each step.
 */
export async function runDemo(
  devnet: Devnet,
  onStep: (step: DemoStep) => void = () => undefined,
): Promise<DemoReport> {
  const steps = createStepRunner(onStep)
  const actors: Actors = await createActors(devnet, steps.onOperation)
  const { publicClient, host, renter, guest } = actors
  steps.connect({ bundler: host, publicClient })
  const snapshot = () =>
    takeSnapshot(publicClient, devnet.contracts, {
      host: host.account.address,
      renter: renter.account.address,
      guest: guest.account.address,
    })

  const before = await snapshot()
  let jobs: number
  try {
    await runLifecycle(actors, steps)
    jobs = await runSmallApp(actors, steps, () => settledAccount(devnet, 'small'))
  } catch (error) {
    if (!(error instanceof DemoStepError)) throw error
    return { steps: steps.steps, balances: [], checks: [], budgets: [], cause: error }
  }
  const budgets = await readAppBudgets(devnet, publicClient)
  const { balances, checks } = closingAccount(before, await snapshot(), {
    ...steps.settled,
    guestJobs: jobs,
  })
  return {
    steps: steps.steps,
    balances,
    budgets,
    checks: [...checks, ...budgetChecks(budgets)],
  }
}

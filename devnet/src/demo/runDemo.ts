import type { DemoReport, DemoStep } from '../report/demoReport.ts'
import type { Devnet } from '../startDevnet.ts'
import { type Actors, createActors } from './actors.ts'
import { closingAccount, takeSnapshot } from './closingAccount.ts'
import { runLifecycle } from './lifecycle.ts'
import { createStepRunner, DemoStepError } from './stepRunner.ts'

/**
 * Runs one gasless session on a fresh devnet. A failed step ends it; the report then says which one.
 * @param onStep Called after each step.
 */
export async function runDemo(
  devnet: Devnet,
  onStep: (step: DemoStep) => void = () => undefined,
): Promise<DemoReport> {
  const steps = createStepRunner(onStep)
  const actors: Actors = await createActors(devnet, steps.onOperation)
  const { publicClient, host, renter } = actors
  steps.connect({ bundler: host, publicClient })
  const snapshot = () =>
    takeSnapshot(publicClient, devnet.contracts, {
      host: host.account.address,
      renter: renter.account.address,
    })

  const before = await snapshot()
  try {
    await runLifecycle(actors, steps)
  } catch (error) {
    if (!(error instanceof DemoStepError)) throw error
    return { steps: steps.steps, balances: [], checks: [], cause: error }
  }
  return { steps: steps.steps, ...closingAccount(before, await snapshot(), steps.settled) }
}

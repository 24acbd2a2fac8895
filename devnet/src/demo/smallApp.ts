import { SponsorRefusedError } from '@fabstir/sdk'
import { formatEther } from 'viem'
import type { Actors } from './actors.ts'
import { promptCid, terms } from './lifecycle.ts'
import type { StepRunner } from './stepRunner.ts'

/** More jobs than the budget can pay for. */
const mostJobs = 8

/**
 * The app with the small budget pays for its user until the budget is used up. Then the service refuses, and nothing
 * is sent.
 * @param settled Resolves when what operations did not use of their reservations is back in the budget.
 * @returns How many jobs it paid for.
 */
export async function runSmallApp(
  { guest }: Pick<Actors, 'guest'>,
  steps: StepRunner,
  settled: () => Promise<unknown>,
): Promise<number> {
  for (let posted = 0; posted < mostJobs; posted += 1) {
    await settled()
    const job = await steps.attempt('small app: its user posts a job', {
      action: () =>
        guest.postJobSync({ model: 'llama-70b', prompt: promptCid, payment: terms.jobPayment }),
      describe: ({ jobId }) => `job ${jobId}${posted === 0 ? ', account deployed' : ''}`,
      expected: SponsorRefusedError,
      describeRefusal,
    })
    if (!job) return posted
  }
  throw new RangeError(`the small budget paid for ${mostJobs} jobs and is not used up`)
}

function describeRefusal({ name, rule, remaining, resetsAt }: SponsorRefusedError) {
  const left = remaining === undefined ? '–' : `${formatEther(BigInt(remaining))} ETH`
  const reset =
    resetsAt === undefined
      ? 'never'
      : new Date(resetsAt * 1_000).toISOString().replace('.000Z', 'Z')
  return {
    note: `${name}: rule ${rule}, remaining ${left}, resetsAt ${reset}`,
    refusal: { rule, remaining: remaining ?? null, resetsAt: resetsAt ?? null },
  }
}

import type { Usage } from '../../ledger/ledger.ts'
import type { Policy } from '../../policy/policy.ts'
import type { PolicySource } from '../../policyVersions/policySource.ts'
import type { App } from '../caller.ts'

export type UsageReader = (policy: Policy) => Promise<Usage>

/** Accounts of the key's policies, wei as decimal text. */
export async function usageOf(
  app: App,
  { policies }: Pick<PolicySource, 'policies'>,
  read: UsageReader,
) {
  const mine = await policies(app.policyIds)
  return Promise.all(
    mine.map(async (policy) => {
      const { budget, reserved, settled, free, operations, resetsAt } = await read(policy)
      return {
        policyId: policy.id,
        version: policy.version,
        hash: policy.hash,
        window: policy.caps.global.window,
        resetsAt,
        budget: `${budget}`,
        reserved: `${reserved}`,
        settled: `${settled}`,
        free: `${free}`,
        operations,
      }
    }),
  )
}

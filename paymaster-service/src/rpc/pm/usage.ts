import type { Usage } from '../../ledger/ledger.ts'
import type { Policy } from '../../policy/policy.ts'
import type { App } from '../apiKeys.ts'

export type UsageReader = (policy: Policy) => Promise<Usage>

/** Accounts of the key's policies, wei as decimal text. */
export async function usageOf(app: App, policies: ReadonlyMap<string, Policy>, read: UsageReader) {
  const mine = app.policyIds.flatMap((id) => policies.get(id) ?? [])
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

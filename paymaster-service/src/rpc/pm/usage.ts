import type { Account, CapUsage } from '../../ledger/ledger.ts'
import type { Policy } from '../../policy/policy.ts'
import type { PolicySource } from '../../policyVersions/policySource.ts'
import type { App } from '../caller.ts'

export type UsageReader = (policy: Policy) => Promise<readonly CapUsage[]>

/**
 * Accounts of the key's policies, wei and micro-USD as decimal text. The fields of the first cap in
 * wei stand beside the list of all.
 */
export async function usageOf(
  app: App,
  { policies }: Pick<PolicySource, 'policies'>,
  read: UsageReader,
) {
  const mine = await policies(app.policyIds)
  return Promise.all(
    mine.map(async (policy) => {
      const caps = await read(policy)
      const { id: policyId, version, hash } = policy
      return { policyId, version, hash, ...budgetOf(caps), caps: caps.map(formatCap) }
    }),
  )
}

function budgetOf(caps: readonly CapUsage[]) {
  const cap = caps.find(({ wei }) => wei !== undefined)
  if (!cap?.wei) return {}
  const { limit, ...rest } = formatAccount(cap.wei)
  const { window, resetsAt, operations } = cap
  return { window, resetsAt, budget: limit, ...rest, operations }
}

function formatCap({ wei, microUsd, ...cap }: CapUsage) {
  return {
    ...cap,
    ...(wei && { wei: formatAccount(wei) }),
    ...(microUsd && { microUsd: formatAccount(microUsd) }),
  }
}

function formatAccount({ limit, reserved, settled, free }: Account<bigint>) {
  return {
    limit: `${limit}`,
    reserved: `${reserved}`,
    settled: `${settled}`,
    free: `${free}`,
  }
}

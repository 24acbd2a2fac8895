import type { Logger } from 'pino'
import type { Policy } from '../policy/policy.ts'
import type { PolicyMeans } from '../policyVersions/policyNeeds.ts'
import { unmetNeeds } from '../policyVersions/policyNeeds.ts'
import type { PolicySource } from '../policyVersions/policySource.ts'
import { policyHeads } from '../policyVersions/policyVersions.ts'
import type { PolicyTables } from '../policyVersions/tables.ts'
import type { Store } from '../store/store.ts'

/**
 * Logs policies of the store that were applied while the configuration had what it lacks now. The
 * service starts for the others: these refuse.
 */
export async function tellUnmetPolicies(
  store: Pick<Store, 'db' | 'read'>,
  source: Pick<PolicySource, 'policies'>,
  means: PolicyMeans,
  log: Pick<Logger, 'error'>,
): Promise<void> {
  const heads = await store.read(() => policyHeads(store.db.withTables<PolicyTables>()))
  const policies: Policy[] = await source.policies(heads.map(({ id }) => id))
  for (const policy of policies)
    for (const { field, message } of unmetNeeds(policy, means))
      log.error(
        { policy: policy.id, field, message },
        'a policy in force cannot pay as it is meant',
      )
}

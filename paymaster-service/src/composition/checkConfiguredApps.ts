import { ConfigError } from '../config/schema.ts'
import type { Policy } from '../policy/policy.ts'
import { policyHeads } from '../policyVersions/policyVersions.ts'
import type { PolicyTables } from '../policyVersions/tables.ts'
import type { ConfiguredApp } from '../rpc/identify.ts'
import type { Store } from '../store/store.ts'

/**
 * Looks for policies that apps of the configuration name and that are nowhere.
 * @throws ConfigError; the store is closed then.
 */
export async function checkConfiguredApps(
  apps: Iterable<ConfiguredApp>,
  policies: ReadonlyMap<string, Policy>,
  store: Store,
): Promise<void> {
  const stored = await policyHeads(store.db.withTables<PolicyTables>())
  const known = new Set([...policies.keys(), ...stored.map(({ id }) => id)])
  for (const { name, policyIds } of apps) {
    const unknown = policyIds.find((id) => !known.has(id))
    if (unknown === undefined) continue
    await store.close()
    throw new ConfigError([
      `apps.${name}.policies: there is no policy ${unknown}, neither in the configuration nor in the store`,
    ])
  }
}

import { BoundedMap } from '@fabstir/service/collections'
import type { Policy } from '../policy/policy.ts'
import { parsePolicy } from '../policy/policy.ts'
import type { Store } from '../store/store.ts'
import type { PolicyHead } from './policyVersions.ts'
import { policyHeads, readVersion } from './policyVersions.ts'
import type { PolicyTables } from './tables.ts'

/** The policies in force. */
export type PolicySource = {
  /** Those of `ids` that there are, in the order of `ids`. */
  policies(ids: readonly string[]): Promise<Policy[]>
  /** What was read may have changed: read again. */
  changed(): void
}

/** Parsed policies that are kept. Each version has its own hash, so none of them gets old. */
const maxKept = 1_000

/**
 * Policies of the configuration and of the store; an id of the configuration is the configuration's.
 * Which version is in force is read with every request (with a SQLite file: after every change).
 */
export function createPolicySource(
  store: Pick<Store, 'kind' | 'db'>,
  configured: ReadonlyMap<string, Policy>,
): PolicySource {
  const db = store.db.withTables<PolicyTables>()
  const isShared = store.kind !== 'sqlite'
  const parsed = new BoundedMap<string, Policy>(maxKept)
  let heads: Promise<readonly PolicyHead[]> | undefined

  function headsOf(ids: readonly string[]): Promise<readonly PolicyHead[]> {
    if (isShared) return policyHeads(db, ids)
    if (heads) return heads
    const reading = policyHeads(db)
    heads = reading
    reading.catch(() => {
      if (heads === reading) heads = undefined
    })
    return reading
  }

  async function policyOf({ id, version, hash }: PolicyHead): Promise<Policy | undefined> {
    const known = parsed.get(hash)
    if (known) return known
    const row = await readVersion(db, id, version)
    if (!row) return undefined
    const policy = parsePolicy(row.document)
    parsed.set(hash, policy)
    return policy
  }

  return {
    async policies(ids) {
      const stored = ids.filter((id) => !configured.has(id))
      const known = new Map(
        (stored.length === 0 ? [] : await headsOf(stored)).map((head) => [head.id, head]),
      )
      const found: Policy[] = []
      for (const id of ids) {
        const head = known.get(id)
        const policy = configured.get(id) ?? (head && (await policyOf(head)))
        if (policy) found.push(policy)
      }
      return found
    },
    changed() {
      heads = undefined
    },
  }
}

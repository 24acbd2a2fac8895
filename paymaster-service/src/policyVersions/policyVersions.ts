import type { Hex } from 'viem'
import { canonicalJson } from '../policy/canonicalJson.ts'
import type { Policy } from '../policy/policy.ts'
import { parsePolicy } from '../policy/policy.ts'
import type { PolicyDatabase, PolicyVersionRow } from './tables.ts'

/** A version of a policy as it was applied. */
export type PolicyVersion = {
  id: string
  version: number
  hash: Hex
  /** What `paymasterData` carries. */
  onChainHash: Hex
  document: unknown
  appliedAt: number
  appliedBy: string
}

/** The version in force, without its document. */
export type PolicyHead = { id: string; version: number; hash: string }

/**
 * The document that follows the version in force: the same text applied twice is one version.
 * @param input A policy document; its `version` may be left out, be the one in force (whoever
 * edits a document and applies it) or the next.
 * @throws PolicyInvalidError, PolicyVersionError
 */
export function nextVersion(
  input: unknown,
  current: Pick<PolicyVersion, 'version' | 'hash'> | undefined,
): { policy: Policy; changed: boolean } {
  const inForce = current?.version ?? 0
  const given = versionOf(input)
  const at = (version: number) =>
    parsePolicy(typeof input === 'object' && input !== null ? { ...input, version } : input)
  const same = at(Math.max(1, inForce))
  if (current && same.hash === current.hash && (given ?? inForce) === inForce)
    return { policy: same, changed: false }
  // A first document may carry the version that it has elsewhere.
  if (!current) return { policy: at(given ?? 1), changed: true }
  if (given !== undefined && given !== inForce && given !== inForce + 1)
    throw new PolicyVersionError(same.id, inForce, given)
  return { policy: at(inForce + 1), changed: true }
}

/** An integer where there is one; the schema judges whatever else stands there. */
function versionOf(input: unknown): number | undefined {
  if (typeof input !== 'object' || input === null || !('version' in input)) return undefined
  return typeof input.version === 'number' ? input.version : undefined
}

/** Puts a policy in force. Versions before it stay known by their hashes. */
export async function insertVersion(
  trx: PolicyDatabase,
  { id, version, hash, onChainHash, document }: Policy,
  by: { at: number; actor: string },
): Promise<void> {
  await trx
    .insertInto('policy_versions')
    .values({
      id,
      version,
      hash,
      on_chain_hash: onChainHash,
      document: canonicalJson(document),
      applied_at: by.at,
      applied_by: by.actor,
    })
    .execute()
  await trx
    .insertInto('policies')
    .values({ id, version, hash })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ version, hash }))
    .execute()
}

export async function policyHeads(
  db: PolicyDatabase,
  ids?: readonly string[],
): Promise<PolicyHead[]> {
  if (ids?.length === 0) return []
  const all = db.selectFrom('policies').selectAll().orderBy('id')
  const rows = await (ids ? all.where('id', 'in', [...ids]) : all).execute()
  return rows.map(({ id, version, hash }) => ({ id, version: Number(version), hash }))
}

/** The version in force, or another one of the same policy. */
export async function readVersion(
  db: PolicyDatabase,
  id: string,
  version?: number,
): Promise<PolicyVersion | undefined> {
  const wanted = version ?? (await policyHeads(db, [id]))[0]?.version
  if (wanted === undefined) return undefined
  const row = await db
    .selectFrom('policy_versions')
    .selectAll()
    .where('id', '=', id)
    .where('version', '=', wanted)
    .executeTakeFirst()
  return row && toVersion(row)
}

export async function listVersions(db: PolicyDatabase, id: string): Promise<PolicyVersion[]> {
  const rows = await db
    .selectFrom('policy_versions')
    .selectAll()
    .where('id', '=', id)
    .orderBy('version')
    .execute()
  return rows.map(toVersion)
}

/** The version that a hash stands for: a whole one, or its first 16 bytes as `paymasterData` has it. */
export async function findByHash(
  db: PolicyDatabase,
  hash: string,
): Promise<PolicyVersion | undefined> {
  const row = await db
    .selectFrom('policy_versions')
    .selectAll()
    .where('on_chain_hash', '=', hash.slice(0, 34).toLowerCase())
    .executeTakeFirst()
  const whole = row && (hash.length === 34 || row.hash === hash.toLowerCase())
  return whole ? toVersion(row) : undefined
}

function toVersion(row: PolicyVersionRow): PolicyVersion {
  return {
    id: row.id,
    version: Number(row.version),
    hash: row.hash as Hex,
    onChainHash: row.on_chain_hash as Hex,
    document: JSON.parse(row.document),
    appliedAt: Number(row.applied_at),
    appliedBy: row.applied_by,
  }
}

/** The document was made from another version than the one in force. */
export class PolicyVersionError extends Error {
  override name = 'PolicyVersionError'
  inForce: number
  given: number

  constructor(id: string, inForce: number, given: number) {
    super(
      `version: policy ${id} is at version ${inForce}, so ${inForce} or ${inForce + 1} is expected, not ${given}; somebody else applied another one`,
    )
    this.inForce = inForce
    this.given = given
  }
}

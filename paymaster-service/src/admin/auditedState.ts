import { getAddress, keccak256, slice, stringToHex } from 'viem'
import { toApp, toKey } from '../access/appStore.ts'
import type { AccessTables } from '../access/tables.ts'
import { hashState } from '../audit/auditChain.ts'
import type { StoredState } from '../audit/stateLog.ts'
import type { PaymasterTables } from '../paymasters/tables.ts'
import type { JsonValue } from '../policy/canonicalJson.ts'
import type { PolicyTables } from '../policyVersions/tables.ts'
import type { StoreDatabase } from '../store/store.ts'
import type { WebhookTables } from '../webhooks/tables.ts'
import { toWebhook } from '../webhooks/webhookStore.ts'
import { keyState } from './appOperations.ts'
import { policyState } from './policyOperations.ts'
import { webhookState } from './webhookOperations.ts'

/** Everything in the store that administration changes and the audit log tells of. */
export async function auditedState(db: StoreDatabase): Promise<StoredState> {
  const tables = db.withTables<AccessTables & PolicyTables & WebhookTables & PaymasterTables>()
  const subjects = new Map<string, Set<string>>()
  const changes: StoredState['changes'][number][] = []
  const broken: StoredState['broken'][number][] = []

  /** Rows that somebody else wrote need not even be readable. */
  function hold(subject: string, read: () => JsonValue) {
    try {
      subjects.set(subject, (subjects.get(subject) ?? new Set()).add(hashState(read())))
    } catch {
      subjects.set(subject, new Set())
      broken.push({ subject, problem: 'its row cannot be read' })
    }
  }

  for (const row of await tables.selectFrom('apps').selectAll().execute())
    hold(`app/${row.name}`, () => toApp(row))
  for (const row of await tables.selectFrom('api_keys').selectAll().execute())
    hold(`key/${row.id}`, () => keyState(toKey(row), row.hash))
  for (const row of await tables.selectFrom('webhooks').selectAll().execute())
    hold(`webhook/${row.id}`, () => webhookState(toWebhook(row)))
  for (const { address } of await tables.selectFrom('revoked_signers').selectAll().execute())
    hold(`signer/${getAddress(address)}`, () => ({ revoked: true }))

  for (const { id, version, hash } of await tables.selectFrom('policies').selectAll().execute())
    hold(`policy/${id}`, () => policyState({ id, version: Number(version), hash }))
  for (const row of await tables.selectFrom('policy_versions').selectAll().execute()) {
    const { id, hash, on_chain_hash: onChainHash, document } = row
    const version = Number(row.version)
    const subject = `policy/${id}`
    const state = hashState(policyState({ id, version, hash }))
    changes.push({ subject, what: `version ${version}`, to: state })
    const found = keccak256(stringToHex(document))
    if (found !== hash || slice(found, 0, 16) !== onChainHash)
      broken.push({ subject, problem: `the document of version ${version} has another hash` })
  }

  const rotations = await tables.selectFrom('paymaster_rotations').selectAll().execute()
  for (const row of rotations) {
    const subject = `paymaster/${Number(row.chain_id)}/${getAddress(row.entry_point)}`
    const [before, after] = [row.paymaster, row.successor].map((each) => getAddress(each))
    if (before === undefined || after === undefined) continue
    changes.push({
      subject,
      what: `${after} the successor of ${before}`,
      from: hashState({ paymaster: before }),
      to: hashState({ paymaster: after }),
    })
    const isReplaced = rotations.some(
      (other) =>
        other.chain_id === row.chain_id &&
        other.entry_point === row.entry_point &&
        other.paymaster === row.successor,
    )
    // Where the options began anew with another paymaster there are several ends, one of them the last.
    if (!isReplaced) hold(subject, () => ({ paymaster: after }))
  }
  return { subjects, changes, broken }
}

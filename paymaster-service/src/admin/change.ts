import { hashState } from '../audit/auditChain.ts'
import { appendAudit, takeTurn } from '../audit/auditLog.ts'
import type { AuditTables } from '../audit/tables.ts'
import type { JsonValue } from '../policy/canonicalJson.ts'
import type { StoreTransaction } from '../store/store.ts'
import type { AdminContext } from './operation.ts'

/** A change as the audit log tells it, and what is answered. */
export type Change<result> = {
  action: string
  subject: string
  before: JsonValue | undefined
  after: JsonValue | undefined
  result: result
}

/**
 * Makes a change and its entry in the audit log in one transaction. Changes of all instances take
 * turns, so what `work` reads is what it changes. Without a change there is no entry.
 */
export async function change<result>(
  { store, actor, clock, onChange }: AdminContext,
  work: (trx: StoreTransaction) => Promise<Change<result>>,
): Promise<result> {
  const { result, entry } = await store.transaction(async (trx) => {
    const audit = trx.withTables<AuditTables>()
    await takeTurn(audit)
    const { action, subject, before, after, result } = await work(trx)
    const [beforeHash, afterHash] = [hashOrNull(before), hashOrNull(after)]
    if (beforeHash === afterHash) return { result, entry: undefined }
    const told = { actor, action, subject, beforeHash, afterHash, at: clock() }
    return { result, entry: await appendAudit(audit, told) }
  })
  if (entry) onChange(entry)
  return result
}

function hashOrNull(state: JsonValue | undefined): string | null {
  return state === undefined ? null : hashState(state)
}

import type { Store, StoreTransaction } from '../store/store.ts'
import type { AuditChange, AuditEntry, AuditHead, AuditVerdict } from './auditChain.ts'
import { auditVerifier, nextEntry } from './auditChain.ts'
import type { StoredState } from './stateLog.ts'
import { createStateLog } from './stateLog.ts'
import type { AuditDatabase, AuditRow, AuditTables } from './tables.ts'

/** Entries that are read at a time. */
const pageSize = 1_000
/** Changes that come while a log is read, and that are read when they wait. */
const maxSince = 1_000_000
/** States that are listed. */
const maxProblems = 100

/**
 * Waits until no other transaction of any instance is about to append an entry. Called before
 * reading what is changed, it makes changes come one after the other.
 */
export async function takeTurn(trx: AuditDatabase): Promise<void> {
  await trx
    .updateTable('audit_head')
    .set(({ ref }) => ({ seq: ref('seq') }))
    .where('id', '=', 1)
    .execute()
}

/** Appends an entry in the transaction of the change that it tells of. */
export async function appendAudit(trx: AuditDatabase, change: AuditChange): Promise<AuditEntry> {
  // The update comes first: it holds the row against other instances.
  const { seq, hash } = await trx
    .updateTable('audit_head')
    .set(({ eb }) => ({ seq: eb('seq', '+', 1) }))
    .where('id', '=', 1)
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow()
  const entry = nextEntry({ seq: Number(seq) - 1, hash }, change)
  await trx
    .insertInto('audit_log')
    .values({
      seq: entry.seq,
      at: entry.at,
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      before_hash: entry.beforeHash,
      after_hash: entry.afterHash,
      previous_hash: entry.previousHash,
      hash: entry.hash,
    })
    .execute()
  await trx.updateTable('audit_head').set({ hash: entry.hash }).where('id', '=', 1).execute()
  return entry
}

/** Entries after `after`, oldest first. */
export async function readAudit(
  db: AuditDatabase,
  { after = 0, limit = pageSize }: { after?: number; limit?: number },
): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('audit_log')
    .selectAll()
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(toEntry)
}

/**
 * Verifies the log, and what the store holds against it: a row that was changed beside the log is not
 * as its last entry left it. Changes of all instances wait while the states are read.
 * @param stored Reads the states, in the transaction.
 */
export async function verifyAuditedStore(
  store: Pick<Store, 'db' | 'transaction'>,
  anchors: readonly AuditHead[],
  stored: (trx: StoreTransaction) => Promise<StoredState>,
): Promise<AuditVerdict> {
  const states = createStateLog()
  const verdict = await verifyAudit(store.db.withTables<AuditTables>(), anchors, states.next)
  if (!verdict.ok) return verdict
  return store.transaction(async (trx) => {
    const audit = trx.withTables<AuditTables>()
    await takeTurn(audit)
    // What was changed since the log was read.
    const verifier = auditVerifier([], verdict.head)
    for (const entry of await readAudit(audit, { after: verdict.head.seq, limit: maxSince })) {
      const broken = verifier.next(entry)
      if (broken) return broken
      states.next(entry)
    }
    const problems = states.compare(await stored(trx))
    const [first] = problems
    if (!first) return verifier.end()
    const problem = `${first.subject}: ${first.problem}`
    return { ok: false, seq: first.seq, problem, states: problems.slice(0, maxProblems) }
  })
}

/**
 * Verifies the whole log.
 * @param anchors Heads that were kept elsewhere: without one, who can write the whole store can
 * write a whole new log.
 * @param told Told each entry that fits.
 */
export async function verifyAudit(
  db: AuditDatabase,
  anchors: readonly AuditHead[] = [],
  told: (entry: AuditEntry) => void = () => {},
): Promise<AuditVerdict> {
  // Read first: entries that come while this reads are behind it, not missing.
  const stored = await db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirst()
  const head = stored && { seq: Number(stored.seq), hash: stored.hash }
  const verifier = auditVerifier(head && head.seq > 0 ? [head, ...anchors] : anchors)
  let after = Number.MIN_SAFE_INTEGER
  for (;;) {
    const page = await readAudit(db, { after })
    for (const entry of page) {
      const broken = verifier.next(entry)
      if (broken) return broken
      told(entry)
      after = entry.seq
    }
    if (page.length < pageSize) return verifier.end()
  }
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    seq: Number(row.seq),
    at: Number(row.at),
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    beforeHash: row.before_hash,
    afterHash: row.after_hash,
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

import { createHash } from 'node:crypto'
import type { JsonValue } from '../policy/canonicalJson.ts'
import { canonicalJson } from '../policy/canonicalJson.ts'
import type { StateProblem } from './stateLog.ts'

/** One change, as it is told to the log. */
export type AuditChange = {
  /** Who: `admin:<name>`, `cli:<name>` or `service`. */
  actor: string
  /** What was done, like `key.revoke`. */
  action: string
  /** What it was done to, like `key/0123456789abcdef`. */
  subject: string
  /** {@link hashState} before and after; `null` where there was nothing or nothing is left. */
  beforeHash: string | null
  afterHash: string | null
  /** Unix seconds. */
  at: number
}

/** An entry of the log. Each holds the hash of the one before it, so none can change alone. */
export type AuditEntry = AuditChange & {
  /** 1 for the first, without gaps. */
  seq: number
  previousHash: string
  hash: string
}

/** The last entry of a log, as somebody wrote it down elsewhere. */
export type AuditHead = Pick<AuditEntry, 'seq' | 'hash'>

/** What the first entry holds as hash of the one before it. */
export const emptyHead: AuditHead = { seq: 0, hash: '0'.repeat(64) }

/** The entry that follows `head`. */
export function nextEntry(head: AuditHead, change: AuditChange): AuditEntry {
  const entry = { seq: head.seq + 1, ...pick(change), previousHash: head.hash }
  return { ...entry, hash: hashEntry(entry) }
}

/** sha256 of the canonical JSON of every field but the hash, hex. */
function hashEntry({ seq, previousHash, ...change }: Omit<AuditEntry, 'hash'>): string {
  return sha256(canonicalJson({ seq, previousHash, ...pick(change) }))
}

/** sha256 of a state's canonical JSON, hex: what {@link AuditChange} says of before and after. */
export function hashState(state: JsonValue): string {
  return sha256(canonicalJson(state))
}

/**
 * `states` holds what is not as the log says; `seq` and `problem` are then those of the first.
 */
export type AuditVerdict =
  | { ok: true; head: AuditHead; entries: number }
  | { ok: false; seq: number | null; problem: string; states?: readonly StateProblem[] }

/** Follows a chain entry by entry. */
export type AuditVerifier = {
  /** @returns What is wrong with the entry; the chain is broken from here on. */
  next(entry: AuditEntry): Extract<AuditVerdict, { ok: false }> | undefined
  /** The verdict after the last entry. */
  end(): AuditVerdict
}

/**
 * Verifies a log from its first entry on.
 * @param anchors Heads that were written down outside of the store: a log that was cut off or
 * rewritten as a whole is whole in itself, and only they show it.
 * @param start The last entry that was verified before. Default none.
 */
export function auditVerifier(
  anchors: readonly AuditHead[] = [],
  start: AuditHead = emptyHead,
): AuditVerifier {
  let head = start
  const expected = Map.groupBy(anchors, ({ seq }) => seq)
  return {
    next(entry) {
      const problem = problemOf(entry, head) ?? anchorProblem(entry, expected)
      if (problem !== undefined) return { ok: false, seq: head.seq + 1, problem }
      head = { seq: entry.seq, hash: entry.hash }
      return undefined
    },
    end() {
      const missing = anchors.find(({ seq }) => seq > head.seq)
      if (!missing) return { ok: true, head, entries: head.seq }
      const problem = `the log ends after entry ${head.seq}, but entry ${missing.seq} was anchored`
      return { ok: false, seq: head.seq + 1, problem }
    },
  }
}

function problemOf(entry: AuditEntry, head: AuditHead): string | undefined {
  if (entry.seq !== head.seq + 1)
    return `expected entry ${head.seq + 1}, found ${entry.seq}: entries are missing or out of order`
  if (entry.previousHash !== head.hash)
    return `its previousHash is ${entry.previousHash}, but entry ${head.seq} has ${head.hash}`
  const hash = hashEntry(entry)
  if (entry.hash !== hash) return `its hash is ${entry.hash}, but its fields have ${hash}`
  return undefined
}

function anchorProblem(
  { seq, hash }: AuditEntry,
  anchors: ReadonlyMap<number, readonly AuditHead[]>,
): string | undefined {
  const other = anchors.get(seq)?.find((anchor) => anchor.hash !== hash)
  return other && `its hash is ${hash}, but ${other.hash} was anchored: the log was written anew`
}

/** Fields in one fixed set, whatever else an object of another version carries. */
function pick({ actor, action, subject, beforeHash, afterHash, at }: AuditChange): AuditChange {
  return { actor, action, subject, beforeHash, afterHash, at }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

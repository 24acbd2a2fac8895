import type { AuditEntry } from './auditChain.ts'

/** What a store holds of everything that the log tells of. */
export type StoredState = {
  /** Hashes of the state that each subject may be in, by subject. One that is not there has no state. */
  subjects: ReadonlyMap<string, ReadonlySet<string>>
  /** Rows that stay for ever, each by the change that an entry must tell. */
  changes: readonly StoredChange[]
  /** What cannot be read, or is not what it says it is. */
  broken: readonly { subject: string; problem: string }[]
}

/** A change of a subject to a state; `from` where the row tells it. */
export type StoredChange = { subject: string; what: string; to: string; from?: string }

/** Something that is not as the log says. */
export type StateProblem = {
  subject: string
  /** The last entry that tells of it; `null` when none does. */
  seq: number | null
  problem: string
}

/** The states that a log leaves behind, entry by entry. */
export type StateLog = {
  /** Entries in their order. One that comes again changes nothing. */
  next(entry: AuditEntry): void
  /** Whatever of the store the log did not make so. */
  compare(stored: StoredState): StateProblem[]
}

/** Replays a log as far as it goes: it has hashes of states, so what was changed shows, not what it was. */
export function createStateLog(): StateLog {
  const last = new Map<string, { seq: number; state: string | null }>()
  const changes = new Set<string>()
  const to = (subject: string, after: string) => `${subject} ${after}`
  const fromTo = (subject: string, before: string, after: string) => `${subject} ${before} ${after}`

  function problemOf(subject: string, stored: ReadonlySet<string> | undefined) {
    const told = last.get(subject)
    const state = told?.state ?? null
    if (state === null && !stored) return undefined
    if (state === null) return told ? 'is there, though it was taken out' : 'no entry made it'
    if (!stored) return 'is gone, and no entry took it out'
    return stored.has(state) ? undefined : 'is not as its last entry left it'
  }

  return {
    next({ seq, subject, beforeHash, afterHash }) {
      last.set(subject, { seq, state: afterHash })
      if (afterHash === null) return
      changes.add(to(subject, afterHash))
      if (beforeHash !== null) changes.add(fromTo(subject, beforeHash, afterHash))
    },
    compare({ subjects, changes: rows, broken }) {
      const problems = [...broken]
      for (const subject of new Set([...subjects.keys(), ...last.keys()])) {
        const problem = problemOf(subject, subjects.get(subject))
        if (problem !== undefined) problems.push({ subject, problem })
      }
      for (const { subject, what, from, to: after } of rows) {
        const name = from === undefined ? to(subject, after) : fromTo(subject, from, after)
        if (!changes.has(name)) problems.push({ subject, problem: `no entry made ${what}` })
      }
      return problems.map(({ subject, problem }) => ({
        subject,
        seq: last.get(subject)?.seq ?? null,
        problem,
      }))
    },
  }
}

import { createHash } from 'node:crypto'

/**
 * What transactions of several instances exclude each other by. They are taken in the order of these
 * kinds and, within one kind, of their numbers: whoever keeps to it cannot deadlock.
 */
const kinds = {
  /** The schema. */
  migration: 1,
  /** Whoever brings the ledger along one chain. */
  chain: 2,
  /** The sponsorships of one sender's nonce. */
  operation: 3,
  /** The accounts of one policy and its senders. */
  policy: 4,
  /** What a paymaster's deposit has to pay, over all policies. */
  paymaster: 5,
  /** Order of an append-only log. */
  log: 6,
  /** Whoever sends transactions of the keeper on one chain. */
  keeper: 7,
  /** Requests of one key or sender. */
  rate: 8,
} as const

/**
 * Locks of operations are shared out over this many: a server holds some 6,400 at once, for all that are
 * connected, and whoever settles after an absence touches more nonces than that.
 */
const operationLocks = 1_024

export type Lock = { kind: keyof typeof kinds; name: string }

/** Numbers for `pg_advisory_xact_lock(int, int)`, sorted and distinct. Names that collide wait for each other, nothing more. */
export function lockNumbers(locks: readonly Lock[]): [kind: number, name: number][] {
  const numbers = new Map<string, [number, number]>()
  for (const { kind, name } of locks) {
    const digest = createHash('sha256').update(name).digest().readInt32BE(0)
    const hash = kind === 'operation' ? digest & (operationLocks - 1) : digest
    numbers.set(`${kind} ${hash}`, [kinds[kind], hash])
  }
  return [...numbers.values()].sort(([a, b], [c, d]) => a - c || b - d)
}

import type { StoreTransaction } from '../../store/store.ts'
import type { Balance } from '../accounts.ts'
import { addBalance, emptyBalance, isZero, movements } from '../accounts.ts'
import type { BookStatements } from './bookStatements.ts'
import { toBalance, toBucketRow, toEntry, withHeld } from './rows.ts'
import type { SponsorshipRow } from './schema.ts'

/**
 * The ledger within one transaction: what is read is kept, and what changes is written once, by
 * `flush`. A group of 100 reservations moves the budget's row once instead of 100 times.
 */
export type Books = {
  /** Reads the rows of these keys, in few statements. */
  load(keys: readonly string[]): Promise<void>
  /** Reads the balances of these buckets, likewise. */
  loadBalances(buckets: readonly string[]): Promise<void>
  /** Every sponsorship of one key, oldest first. */
  rows(key: string): Promise<readonly SponsorshipRow[]>
  /** Replaces the rows of a key that was read, and moves the buckets by the difference. */
  write(key: string, after: readonly SponsorshipRow[]): void
  /** One that nothing was booked in yet is empty. */
  balance(bucket: string): Promise<Balance>
  flush(): Promise<void>
}

/** Opens the books on a transaction that holds the locks of what will be written. */
export function openBooks(trx: StoreTransaction, statements: BookStatements): Books {
  const known = new Map<string, readonly SponsorshipRow[]>()
  const changed = new Map<string, SponsorshipRow>()
  const stored = new Map<string, Balance>()
  const moved = new Map<string, Balance>()

  async function load(keys: readonly string[]) {
    const missing = [...new Set(keys)].filter((key) => !known.has(key))
    for (const key of missing) known.set(key, [])
    for (const row of await statements.readSponsorships(trx, missing))
      known.set(row.operation_key, [...(known.get(row.operation_key) ?? []), row])
  }

  async function loadBalances(ids: readonly string[]) {
    const missing = [...new Set(ids)].filter((id) => !stored.has(id))
    for (const id of missing) stored.set(id, emptyBalance)
    for (const row of await statements.readBuckets(trx, missing)) stored.set(row.id, toBalance(row))
  }

  const current = (id: string) =>
    addBalance(stored.get(id) ?? emptyBalance, moved.get(id) ?? emptyBalance)

  return {
    load,
    loadBalances,

    async rows(key) {
      if (!known.has(key)) await load([key])
      return known.get(key) ?? []
    },

    write(key, rows) {
      const before = known.get(key) ?? []
      const after = withHeld(rows)
      const same = new Set(before)
      for (const row of after) if (!same.has(row)) changed.set(row.id, row)
      // Whoever keeps a signature moves nothing, and does not hold the lock of the policy.
      for (const [id, movement] of movements(before.map(toEntry), after.map(toEntry)))
        if (!isZero(movement)) moved.set(id, addBalance(moved.get(id) ?? emptyBalance, movement))
      known.set(key, after)
    },

    async balance(bucket) {
      if (!stored.has(bucket)) await loadBalances([bucket])
      return current(bucket)
    },

    async flush() {
      await loadBalances([...moved.keys()])
      await statements.writeSponsorships(trx, [...changed.values()])
      const buckets = [...moved.keys()].map((id) => toBucketRow(id, current(id)))
      await statements.writeBuckets(trx, buckets)
    },
  }
}

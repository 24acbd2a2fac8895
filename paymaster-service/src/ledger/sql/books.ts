import type { Balance } from '../accounts.ts'
import { addBalance, emptyBalance, isZero, movements } from '../accounts.ts'
import { chunks } from './chunks.ts'
import { toBalance, toBucketRow, toEntry, withHeld } from './rows.ts'
import type { LedgerDatabase, SponsorshipRow } from './schema.ts'

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
export function openBooks(trx: LedgerDatabase): Books {
  const known = new Map<string, readonly SponsorshipRow[]>()
  const changed = new Map<string, SponsorshipRow>()
  const stored = new Map<string, Balance>()
  const moved = new Map<string, Balance>()

  async function load(keys: readonly string[]) {
    const missing = [...new Set(keys)].filter((key) => !known.has(key))
    for (const key of missing) known.set(key, [])
    for (const part of chunks(missing)) {
      const rows = await trx
        .selectFrom('sponsorships')
        .selectAll()
        .where('operation_key', 'in', part)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      for (const row of rows)
        known.set(row.operation_key, [...(known.get(row.operation_key) ?? []), row])
    }
  }

  async function loadBalances(ids: readonly string[]) {
    const missing = [...new Set(ids)].filter((id) => !stored.has(id))
    for (const id of missing) stored.set(id, emptyBalance)
    for (const part of chunks(missing)) {
      const rows = await trx.selectFrom('buckets').selectAll().where('id', 'in', part).execute()
      for (const row of rows) stored.set(row.id, toBalance(row))
    }
  }

  const current = (id: string) =>
    addBalance(stored.get(id) ?? emptyBalance, moved.get(id) ?? emptyBalance)

  return {
    load,
    loadBalances,

    async rows(key) {
      await load([key])
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
      await loadBalances([bucket])
      return current(bucket)
    },

    async flush() {
      await loadBalances([...moved.keys()])
      for (const rows of chunks([...changed.values()])) {
        await trx
          .insertInto('sponsorships')
          .values(rows)
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((eb) => ({
              global_buckets: eb.ref('excluded.global_buckets'),
              user_buckets: eb.ref('excluded.user_buckets'),
              amount: eb.ref('excluded.amount'),
              held: eb.ref('excluded.held'),
              price: eb.ref('excluded.price'),
              valid_after: eb.ref('excluded.valid_after'),
              valid_until: eb.ref('excluded.valid_until'),
              signature: eb.ref('excluded.signature'),
              user_op_hash: eb.ref('excluded.user_op_hash'),
              state: eb.ref('excluded.state'),
              cost: eb.ref('excluded.cost'),
              cost_micro_usd: eb.ref('excluded.cost_micro_usd'),
              reverted: eb.ref('excluded.reverted'),
              block_number: eb.ref('excluded.block_number'),
              transaction_hash: eb.ref('excluded.transaction_hash'),
              created_at: eb.ref('excluded.created_at'),
              day: eb.ref('excluded.day'),
            })),
          )
          .execute()
      }
      for (const ids of chunks([...moved.keys()])) {
        await trx
          .insertInto('buckets')
          .values(ids.map((id) => toBucketRow(id, current(id))))
          .onConflict((conflict) =>
            conflict.column('id').doUpdateSet((eb) => ({
              reserved_wei: eb.ref('excluded.reserved_wei'),
              settled_wei: eb.ref('excluded.settled_wei'),
              reserved_micro_usd: eb.ref('excluded.reserved_micro_usd'),
              settled_micro_usd: eb.ref('excluded.settled_micro_usd'),
              reserved_operations: eb.ref('excluded.reserved_operations'),
              settled_operations: eb.ref('excluded.settled_operations'),
              expired_operations: eb.ref('excluded.expired_operations'),
            })),
          )
          .execute()
      }
    },
  }
}

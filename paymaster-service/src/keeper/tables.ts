import type { StoreDatabase } from '../store/store.ts'

/** Wei are decimal text, addresses and hashes lower-case hex text, times Unix seconds. */
export type KeeperTables = { keeper_transactions: KeeperRow }

export type KeeperRow = {
  /** Hash of the transaction as it was sent first. */
  hash: string
  chain_id: number
  paymaster: string
  /** Whose price is updated; `null` of a top-up. */
  token: string | null
  /** Of a top-up what it brings, of an update of a price what it may cost, or did. */
  amount: string
  keeper: string
  /** Of the keeper's transaction. */
  nonce: number
  /** The signed transaction, which may be sent again. */
  raw: string
  /** Every hash that it was sent with, as JSON; `null` where it is the one. */
  hashes: string | null
  /** `failed`: it reverted. `replaced`: another transaction took its nonce. */
  state: 'sent' | 'done' | 'failed' | 'replaced'
  created_at: number
  /** When `raw` was signed; `null` where that is `created_at`. */
  signed_at: number | null
}

/** A keeper does more than to top up, and sends what is stuck with more fee. */
export async function widenTopUps(db: StoreDatabase): Promise<void> {
  await db.schema.alterTable('top_ups').renameTo('keeper_transactions').execute()
  for (const [name, type] of [
    ['token', 'text'],
    ['hashes', 'text'],
    ['signed_at', 'bigint'],
  ] as const)
    await db.schema.alterTable('keeper_transactions').addColumn(name, type).execute()
}

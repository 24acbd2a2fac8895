import type { Kysely } from 'kysely'
import type { Address, Hash, Hex } from 'viem'
import { z } from 'zod'
import type { StoreTables } from '../store/store.ts'
import type { KeeperRow, KeeperTables } from './tables.ts'

export type KeeperDatabase = Kysely<StoreTables & KeeperTables>

export type KeeperTransaction = {
  /** As it was sent first: its name, whatever fee it is mined with. */
  hash: Hash
  chainId: number
  paymaster: Address
  /** Whose price is updated; `undefined` of a top-up. */
  token: Address | undefined
  /** Wei: of a top-up what it brings, of an update of a price what it may cost, or did. */
  amount: bigint
  keeper: Address
  nonce: number
  raw: Hex
  /** Every hash that it was sent with, the first one first. */
  hashes: readonly Hash[]
  state: KeeperRow['state']
  /** Unix seconds. */
  createdAt: number
  /** Unix seconds at which `raw` was signed. */
  signedAt: number
}

const storedHashes = z.array(z.string().transform((text) => text as Hash))

/** Transactions since a second, and those under way, oldest first. */
export async function recentTransactions(
  db: KeeperDatabase,
  { chainId, since }: { chainId: number; since: number },
): Promise<KeeperTransaction[]> {
  const rows = await db
    .selectFrom('keeper_transactions')
    .selectAll()
    .where('chain_id', '=', chainId)
    .where(({ eb, or }) => or([eb('created_at', '>', since), eb('state', '=', 'sent')]))
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({
    hash: row.hash as Hash,
    chainId: Number(row.chain_id),
    paymaster: row.paymaster as Address,
    token: (row.token ?? undefined) as Address | undefined,
    amount: BigInt(row.amount),
    keeper: row.keeper as Address,
    nonce: Number(row.nonce),
    raw: row.raw as Hex,
    hashes: row.hashes === null ? [row.hash as Hash] : storedHashes.parse(JSON.parse(row.hashes)),
    state: row.state,
    createdAt: Number(row.created_at),
    signedAt: Number(row.signed_at ?? row.created_at),
  }))
}

export async function insertTransaction(
  db: KeeperDatabase,
  transaction: Omit<KeeperTransaction, 'hashes' | 'signedAt'>,
): Promise<void> {
  const { hash, chainId, paymaster, token, amount, keeper, nonce, raw, state, createdAt } =
    transaction
  await db
    .insertInto('keeper_transactions')
    .values({
      hash,
      chain_id: chainId,
      paymaster: paymaster.toLowerCase(),
      token: token?.toLowerCase() ?? null,
      amount: `${amount}`,
      keeper: keeper.toLowerCase(),
      nonce,
      raw,
      hashes: null,
      state,
      created_at: createdAt,
      signed_at: null,
    })
    .execute()
}

/** Puts a transaction with more fee in the place of one that is under way. @returns Whether it was: of several instances one does so. */
export async function replaceTransaction(
  db: KeeperDatabase,
  before: KeeperTransaction,
  after: { hash: Hash; raw: Hex; at: number },
): Promise<boolean> {
  const replaced = await db
    .updateTable('keeper_transactions')
    .set({
      raw: after.raw,
      hashes: JSON.stringify([...before.hashes, after.hash]),
      signed_at: after.at,
    })
    .where('hash', '=', before.hash)
    .where('raw', '=', before.raw)
    .where('state', '=', 'sent')
    .returning('hash')
    .executeTakeFirst()
  return replaced !== undefined
}

/** @returns Whether it was under way until now: of several instances one hears so. */
export async function endTransaction(
  db: KeeperDatabase,
  {
    hash,
    state,
    amount,
  }: Pick<KeeperTransaction, 'hash' | 'amount'> & { state: Exclude<KeeperRow['state'], 'sent'> },
): Promise<boolean> {
  const ended = await db
    .updateTable('keeper_transactions')
    .set({ state, amount: `${amount}` })
    .where('hash', '=', hash)
    .where('state', '=', 'sent')
    .returning('hash')
    .executeTakeFirst()
  return ended !== undefined
}

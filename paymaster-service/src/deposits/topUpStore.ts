import type { Address, Hash, Hex } from 'viem'
import type { DepositDatabase, TopUpRow } from './tables.ts'

export type TopUp = {
  hash: Hash
  chainId: number
  paymaster: Address
  /** Wei. */
  amount: bigint
  keeper: Address
  nonce: number
  raw: Hex
  state: TopUpRow['state']
  /** Unix seconds. */
  createdAt: number
}

/** Top-ups since a second, and those under way, oldest first. */
export async function recentTopUps(
  db: DepositDatabase,
  { chainId, since }: { chainId: number; since: number },
): Promise<TopUp[]> {
  const rows = await db
    .selectFrom('top_ups')
    .selectAll()
    .where('chain_id', '=', chainId)
    .where(({ eb, or }) => or([eb('created_at', '>', since), eb('state', '=', 'sent')]))
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({
    hash: row.hash as Hash,
    chainId: row.chain_id,
    paymaster: row.paymaster as Address,
    amount: BigInt(row.amount),
    keeper: row.keeper as Address,
    nonce: row.nonce,
    raw: row.raw as Hex,
    state: row.state,
    createdAt: row.created_at,
  }))
}

export async function insertTopUp(db: DepositDatabase, topUp: TopUp): Promise<void> {
  const { hash, chainId, paymaster, amount, keeper, nonce, raw, state, createdAt } = topUp
  await db
    .insertInto('top_ups')
    .values({
      hash,
      chain_id: chainId,
      paymaster: paymaster.toLowerCase(),
      amount: `${amount}`,
      keeper: keeper.toLowerCase(),
      nonce,
      raw,
      state,
      created_at: createdAt,
    })
    .execute()
}

/** @returns Whether it was under way until now: of several instances one hears so. */
export async function endTopUp(
  db: DepositDatabase,
  { hash, state }: { hash: Hash; state: Exclude<TopUpRow['state'], 'sent'> },
): Promise<boolean> {
  const ended = await db
    .updateTable('top_ups')
    .set({ state })
    .where('hash', '=', hash)
    .where('state', '=', 'sent')
    .returning('hash')
    .executeTakeFirst()
  return ended !== undefined
}

import type { Hash } from 'viem'
import type { FollowedBlock } from '../ledger.ts'
import type { LedgerDatabase } from './schema.ts'

/** Followed blocks that are kept: as deep as a reorg can be told exactly. */
const keptBlocks = 256

/** Followed blocks of a chain, newest first. */
export async function readBlocks(
  db: LedgerDatabase,
  chainId: number,
  limit = keptBlocks,
): Promise<FollowedBlock[]> {
  const rows = await db
    .selectFrom('blocks')
    .selectAll()
    .where('chain_id', '=', chainId)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ number, hash, timestamp }) => ({
    number: BigInt(number),
    hash: hash as Hash,
    timestamp,
  }))
}

/** Whether nobody has moved the ledger since `block` was its newest. */
export async function isNewestBlock(
  db: LedgerDatabase,
  chainId: number,
  block: FollowedBlock | undefined,
): Promise<boolean> {
  const [newest] = await readBlocks(db, chainId, 1)
  return newest?.number === block?.number && newest?.hash === block?.hash
}

export async function recordBlock(
  db: LedgerDatabase,
  chainId: number,
  block: FollowedBlock,
): Promise<void> {
  const number = Number(block.number)
  const values = { hash: block.hash, timestamp: block.timestamp }
  await db
    .insertInto('blocks')
    .values({ chain_id: chainId, number, ...values })
    .onConflict((conflict) => conflict.columns(['chain_id', 'number']).doUpdateSet(values))
    .execute()
  const oldest = await db
    .selectFrom('blocks')
    .select('number')
    .where('chain_id', '=', chainId)
    .orderBy('number', 'desc')
    .offset(keptBlocks)
    .limit(1)
    .executeTakeFirst()
  if (!oldest) return
  await db
    .deleteFrom('blocks')
    .where('chain_id', '=', chainId)
    .where('number', '<=', oldest.number)
    .execute()
}

export async function removeBlocksAbove(
  db: LedgerDatabase,
  chainId: number,
  number: number,
): Promise<void> {
  await db
    .deleteFrom('blocks')
    .where('chain_id', '=', chainId)
    .where('number', '>', number)
    .execute()
}

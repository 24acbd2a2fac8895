import type { Advance, AdvanceResult, Charge, OperationKey } from '../ledger.ts'
import type { LedgerTransaction } from './rows.ts'
import { readKey, toKeyColumns, writeKey } from './rows.ts'
import type { SponsorshipRow } from './schema.ts'

/** Followed blocks that are kept: as deep as a reorg can be undone. */
const keptBlocks = 256
/** Seconds after its end until a released sponsorship is forgotten: longer than any reorg. */
const keptReleased = 86_400

/** Settles, releases and expires in one transaction. */
export async function advance(trx: LedgerTransaction, changes: Advance): Promise<AdvanceResult> {
  const unknown: Charge[] = []
  let settled = 0
  let released = 0
  for (const charge of changes.charges) {
    const result = await settle(trx, charge)
    if (result === 'settled') settled++
    if (result === 'unknown') unknown.push(charge)
  }
  for (const operation of changes.consumed) {
    if (await releaseConsumed(trx, operation)) released++
  }
  released += await expire(trx, changes)
  await follow(trx, changes)
  return { settled, released, unknown }
}

async function settle(
  trx: LedgerTransaction,
  charge: Charge & { blockNumber: bigint },
): Promise<'settled' | 'unchanged' | 'unknown'> {
  const rows = await readKey(trx, toKeyColumns(charge))
  const paid =
    rows.find((row) => row.user_op_hash === charge.userOpHash) ??
    // Signed, but the process ended before its hash was kept.
    rows.findLast((row) => row.state === 'reserved') ??
    rows.at(-1)
  if (!paid) return 'unknown'
  const block = Number(charge.blockNumber)
  if (paid.state === 'settled' && paid.block_number === block) return 'unchanged'
  const after = rows.map((row): SponsorshipRow => {
    if (row === paid) {
      return {
        ...row,
        state: 'settled',
        cost: `${charge.cost}`,
        block_number: block,
        transaction_hash: charge.transactionHash,
      }
    }
    return row.state === 'reserved' ? { ...row, state: 'released', block_number: block } : row
  })
  await writeKey(trx, rows, after)
  return 'settled'
}

async function releaseConsumed(
  trx: LedgerTransaction,
  operation: OperationKey & { blockNumber: bigint },
): Promise<boolean> {
  const rows = await readKey(trx, toKeyColumns(operation))
  const after = rows.map(
    (row): SponsorshipRow =>
      row.state === 'reserved'
        ? { ...row, state: 'released', block_number: Number(operation.blockNumber) }
        : row,
  )
  return writeKey(trx, rows, after)
}

async function expire(
  trx: LedgerTransaction,
  { chainId, expireBefore }: Pick<Advance, 'chainId' | 'expireBefore'>,
): Promise<number> {
  const ended = await trx
    .selectFrom('sponsorships')
    .select(['id', 'chain_id', 'paymaster', 'sender', 'nonce'])
    .where('state', '=', 'reserved')
    .where('valid_until', '<', expireBefore)
    .where('chain_id', '=', chainId)
    .execute()
  for (const { id, ...key } of ended) {
    const rows = await readKey(trx, key)
    const after = rows.map(
      (row): SponsorshipRow => (row.id === id ? { ...row, state: 'released' } : row),
    )
    await writeKey(trx, rows, after)
  }
  // They are in no account; without this, whoever never sends what is signed fills the disk.
  await trx
    .deleteFrom('sponsorships')
    .where('state', '=', 'released')
    .where('valid_until', '<', expireBefore - keptReleased)
    .where('chain_id', '=', chainId)
    .execute()
  return ended.length
}

async function follow(trx: LedgerTransaction, { chainId, through }: Advance): Promise<void> {
  const number = Number(through.number)
  const values = { hash: through.hash, timestamp: through.timestamp }
  await trx
    .insertInto('blocks')
    .values({ chain_id: chainId, number, ...values })
    .onConflict((conflict) => conflict.columns(['chain_id', 'number']).doUpdateSet(values))
    .execute()
  await trx
    .deleteFrom('blocks')
    .where('chain_id', '=', chainId)
    .where('number', '<', number - keptBlocks)
    .execute()
}

/** Back to the state before the blocks above `blockNumber`; what has expired since is released again by the next advance. */
export async function rewind(
  trx: LedgerTransaction,
  chainId: number,
  blockNumber: bigint,
): Promise<void> {
  const keys = await trx
    .selectFrom('sponsorships')
    .select(['chain_id', 'paymaster', 'sender', 'nonce'])
    .distinct()
    .where('chain_id', '=', chainId)
    .where('block_number', '>', Number(blockNumber))
    .execute()
  for (const key of keys) {
    const rows = await readKey(trx, key)
    const after = rows.map(
      (row): SponsorshipRow =>
        row.block_number !== null && row.block_number > Number(blockNumber)
          ? { ...row, state: 'reserved', cost: '0', block_number: null, transaction_hash: null }
          : row,
    )
    await writeKey(trx, rows, after)
  }
  await trx
    .deleteFrom('blocks')
    .where('chain_id', '=', chainId)
    .where('number', '>', Number(blockNumber))
    .execute()
}

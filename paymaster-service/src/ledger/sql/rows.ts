import type { Kysely } from 'kysely'
import { numberToHex } from 'viem'
import type { StoreTables } from '../../store/store.ts'
import type { Entry } from '../accounts.ts'
import { movements } from '../accounts.ts'
import type { OperationKey } from '../ledger.ts'
import type { LedgerTables, SponsorshipRow } from './schema.ts'

export type LedgerTransaction = Kysely<StoreTables & LedgerTables>

/** Columns that name a sender's nonce. */
export type KeyColumns = Pick<SponsorshipRow, 'chain_id' | 'paymaster' | 'sender' | 'nonce'>

export function toKeyColumns({ chainId, paymaster, sender, nonce }: OperationKey): KeyColumns {
  return {
    chain_id: chainId,
    paymaster: paymaster.toLowerCase(),
    sender: sender.toLowerCase(),
    nonce: numberToHex(nonce),
  }
}

export function toEntry(row: SponsorshipRow): Entry {
  return {
    globalBucket: row.global_bucket,
    userBucket: row.user_bucket ?? undefined,
    amount: BigInt(row.amount),
    state: row.state,
    cost: BigInt(row.cost),
  }
}

/** Every sponsorship of one (chain, paymaster, sender, nonce), oldest first. */
export function readKey(trx: LedgerTransaction, key: KeyColumns): Promise<SponsorshipRow[]> {
  return trx
    .selectFrom('sponsorships')
    .selectAll()
    .where('sender', '=', key.sender)
    .where('nonce', '=', key.nonce)
    .where('paymaster', '=', key.paymaster)
    .where('chain_id', '=', key.chain_id)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/**
 * Replaces the rows of one key and moves the buckets by the difference, so that a bucket is always
 * the sum of its rows.
 * @returns Whether anything changed.
 */
export async function writeKey(
  trx: LedgerTransaction,
  before: readonly SponsorshipRow[],
  after: readonly SponsorshipRow[],
): Promise<boolean> {
  const known = new Map(before.map((row) => [row.id, row]))
  const changed = after.filter((row) => known.get(row.id) !== row)
  for (const row of changed) {
    const { id, ...values } = row
    await trx
      .insertInto('sponsorships')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
      .execute()
  }
  for (const [id, { reserved, settled }] of movements(before.map(toEntry), after.map(toEntry))) {
    if (reserved !== 0n || settled !== 0n) await moveBucket(trx, id, { reserved, settled })
  }
  return changed.length > 0
}

export type Bucket = { reserved: bigint; settled: bigint; operations: number }

/** A bucket that nothing was booked in yet is empty. */
export async function readBucket(trx: LedgerTransaction, id: string): Promise<Bucket> {
  const row = await trx.selectFrom('buckets').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return { reserved: 0n, settled: 0n, operations: 0 }
  return {
    reserved: BigInt(row.reserved),
    settled: BigInt(row.settled),
    operations: row.operations,
  }
}

/** Adds to a bucket. */
export async function moveBucket(
  trx: LedgerTransaction,
  id: string,
  { reserved = 0n, settled = 0n, operations = 0 }: Partial<Bucket>,
): Promise<void> {
  const bucket = await readBucket(trx, id)
  const values = {
    reserved: `${bucket.reserved + reserved}`,
    settled: `${bucket.settled + settled}`,
    operations: bucket.operations + operations,
  }
  await trx
    .insertInto('buckets')
    .values({ id, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute()
}

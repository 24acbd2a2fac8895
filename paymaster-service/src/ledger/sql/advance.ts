import type { Address } from 'viem'
import { microUsdOf } from '../../policy/price.ts'
import type { Lock } from '../../store/locks.ts'
import type { Store, StoreTransaction } from '../../store/store.ts'
import type { Advance, AdvanceResult, Charge, FollowedBlock, OperationKey } from '../ledger.ts'
import { isNewestBlock, recordBlock, removeBlocksAbove } from './blocks.ts'
import type { Books } from './books.ts'
import { forget } from './forget.ts'
import {
  hashesOf,
  operationKey,
  operationLock,
  paymasterLock,
  policyLock,
  withHashes,
} from './rows.ts'
import type { LedgerDatabase, LedgerTables, SponsorshipRow } from './schema.ts'

type Lockable = Pick<Store, 'lock'>
/** A transaction and its books. */
type Step = { trx: StoreTransaction; books: Books }

/** Nonces whose signatures end in one transaction: others wait for it no longer than for a group of requests. */
export const maxEnded = 512

/**
 * Settles, releases and expires in one transaction; nothing when the newest block is not `from`.
 * @returns Whether more than {@link maxEnded} nonces have ended: the rest is for another transaction.
 */
export async function advance(
  store: Lockable,
  { trx, books }: Step,
  changes: Advance,
): Promise<(AdvanceResult & { moreEnded: boolean }) | undefined> {
  const db = trx.withTables<LedgerTables>()
  await store.lock(trx, [{ kind: 'chain', name: `${changes.chainId}` }])
  if (!(await isNewestBlock(db, changes.chainId, changes.from))) return undefined

  const ended = await keysOfEnded(db, changes)
  const touched = [...changes.charges, ...changes.consumed].map(operationKey)
  await lockAll(store, { trx, books }, [...touched, ...ended])

  const unknown: Charge[] = []
  let settled = 0
  let released = 0
  for (const charge of changes.charges) {
    const result = await settle(books, charge)
    if (result === 'settled') settled++
    if (result === 'unknown') unknown.push(charge)
  }
  for (const operation of changes.consumed) released += await release(books, operation)
  for (const key of ended) released += await expire(books, key, changes.expireBefore)
  await books.flush()
  await recordBlock(db, changes.chainId, changes.through)
  await forget(db, changes)
  return { settled, released, unknown, moreEnded: ended.length === maxEnded }
}

/**
 * Back to the state before the blocks above `to`: also what had ended in them is promised again, since
 * the new ones may be earlier. What has expired all the same is released by the next advance.
 */
export async function rewind(
  store: Lockable,
  { trx, books }: Step,
  { chainId, from, to }: { chainId: number; from: FollowedBlock; to: FollowedBlock },
): Promise<boolean> {
  const db = trx.withTables<LedgerTables>()
  await store.lock(trx, [{ kind: 'chain', name: `${chainId}` }])
  if (!(await isNewestBlock(db, chainId, from))) return false

  const height = Number(to.number)
  const keys = await db
    .selectFrom('sponsorships')
    .select('operation_key')
    .distinct()
    .where('chain_id', '=', chainId)
    .where(({ eb, and, or }) =>
      or([
        eb('block_number', '>', height),
        and([eb('state', '=', 'expired'), eb('valid_until', '>=', to.timestamp)]),
      ]),
    )
    .execute()
  const names = keys.map(({ operation_key }) => operation_key)
  await lockAll(store, { trx, books }, names)
  for (const key of names) books.write(key, undone(await books.rows(key), to))
  await books.flush()
  await removeBlocksAbove(db, chainId, height)
  await recordBlock(db, chainId, to)
  return true
}

/** Sponsorships of one nonce without what the blocks above `to` did to them. */
function undone(rows: readonly SponsorshipRow[], to: FollowedBlock): SponsorshipRow[] {
  const height = Number(to.number)
  const isTaken = rows.some(({ block_number }) => block_number !== null && block_number <= height)
  return rows.map((row) => {
    if (row.block_number !== null && row.block_number > height) return { ...row, ...untouched }
    const mayBeIncluded = row.state === 'expired' && row.valid_until >= to.timestamp && !isTaken
    return mayBeIncluded ? { ...row, state: 'reserved' } : row
  })
}

const untouched = {
  state: 'reserved',
  cost: '0',
  cost_micro_usd: '0',
  reverted: 0,
  block_number: null,
  transaction_hash: null,
} as const

/** Locks the keys, reads them, and locks the policies and paymasters whose accounts will move. */
async function lockAll(
  store: Lockable,
  { trx, books }: Step,
  keys: readonly string[],
): Promise<void> {
  await store.lock(trx, keys.map(operationLock))
  await books.load(keys)
  const locks: Lock[] = []
  for (const key of keys)
    for (const { policy_id, chain_id, paymaster } of await books.rows(key))
      locks.push(
        policyLock(policy_id),
        paymasterLock({ chainId: chain_id, paymaster: paymaster as Address }),
      )
  await store.lock(trx, locks)
}

async function settle(
  books: Books,
  charge: Charge & { blockNumber: bigint },
): Promise<'settled' | 'unchanged' | 'unknown'> {
  const key = operationKey(charge)
  const rows = await books.rows(key)
  const paid = rows.find((row) => hashesOf(row).includes(charge.userOpHash)) ?? dearestOf(rows)
  if (!paid) return 'unknown'
  const block = Number(charge.blockNumber)
  // One nonce, one charge.
  if (rows.some((row) => row.state === 'settled' && row.block_number === block)) return 'unchanged'
  const costMicroUsd = paid.price === null ? 0n : microUsdOf(charge.cost, BigInt(paid.price))
  books.write(
    key,
    rows.map((row): SponsorshipRow => {
      if (row !== paid) return releasedBy(block, row)
      return {
        // What was charged comes first, in its form.
        ...withHashes(row, [charge.userOpHash]),
        state: 'settled',
        cost: `${charge.cost}`,
        cost_micro_usd: `${costMicroUsd}`,
        reverted: charge.success ? 0 : 1,
        block_number: block,
        transaction_hash: charge.transactionHash,
      }
    }),
  )
  return 'settled'
}

/**
 * The sponsorship that pays for an operation whose hash was not kept. It may be any of those that are
 * live. In the one that holds back most its cost has room, so no budget pays more than it promised.
 */
function dearestOf(rows: readonly SponsorshipRow[]): SponsorshipRow | undefined {
  const live = rows.filter(({ state }) => state === 'reserved')
  const candidates = live.length > 0 ? live : rows
  return candidates.reduce<SponsorshipRow | undefined>(
    (dearest, row) => (dearest && BigInt(dearest.amount) >= BigInt(row.amount) ? dearest : row),
    undefined,
  )
}

/** @returns How many operations it was: 1 or 0. */
async function release(
  books: Books,
  operation: OperationKey & { blockNumber: bigint },
): Promise<number> {
  const key = operationKey(operation)
  const rows = await books.rows(key)
  if (!rows.some(({ state }) => state === 'reserved')) return 0
  books.write(
    key,
    rows.map((row) => releasedBy(Number(operation.blockNumber), row)),
  )
  return 1
}

function releasedBy(block: number, row: SponsorshipRow): SponsorshipRow {
  return row.state === 'reserved' ? { ...row, state: 'released', block_number: block } : row
}

/** @returns How many signatures have ended. */
async function expire(books: Books, key: string, expireBefore: number): Promise<number> {
  const rows = await books.rows(key)
  const ends = (row: SponsorshipRow) => row.state === 'reserved' && row.valid_until < expireBefore
  const ended = rows.filter(ends).length
  if (ended > 0)
    books.write(
      key,
      rows.map((row): SponsorshipRow => (ends(row) ? { ...row, state: 'expired' } : row)),
    )
  return ended
}

async function keysOfEnded(
  db: LedgerDatabase,
  { chainId, expireBefore }: Pick<Advance, 'chainId' | 'expireBefore'>,
): Promise<string[]> {
  const rows = await db
    .selectFrom('sponsorships')
    .select('operation_key')
    .distinct()
    .where('state', '=', 'reserved')
    .where('valid_until', '<', expireBefore)
    .where('chain_id', '=', chainId)
    .limit(maxEnded)
    .execute()
  return rows.map(({ operation_key }) => operation_key)
}

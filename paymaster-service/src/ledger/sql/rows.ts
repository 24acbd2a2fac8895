import { expressionBuilder } from 'kysely'
import type { Address, Hash, Hex } from 'viem'
import type { Lock } from '../../store/locks.ts'
import type { Balance, Entry } from '../accounts.ts'
import { bucketEnd, paymasterBucket } from '../buckets.ts'
import type { OperationKey, Sponsorship } from '../ledger.ts'
import type { BucketRow, LedgerTables, SponsorshipRow } from './schema.ts'

/** Text of an operation's key. */
export function operationKey({ chainId, paymaster, sender, nonce }: OperationKey): string {
  return `${chainId}:${paymaster.toLowerCase()}:${sender.toLowerCase()}:0x${nonce.toString(16)}`
}

/** The sender in the text of a key. */
export function senderOf(key: string): string {
  const [, , sender = ''] = key.split(':')
  return sender
}

/** The nonce in the text of a key, likewise. */
export function nonceOf(key: string): string {
  const [, , , nonce = ''] = key.split(':')
  return nonce
}

/** Whether a row is of an operation, by the beginning of the primary key. */
export function ofOperation(key: string) {
  const { eb, and } = expressionBuilder<LedgerTables, 'sponsorships'>()
  return and([
    eb('sender', '=', senderOf(key)),
    eb('nonce', '=', nonceOf(key)),
    eb('operation_key', '=', key),
  ])
}

export function operationLock(key: string): Lock {
  return { kind: 'operation', name: key }
}

export function policyLock(id: string): Lock {
  return { kind: 'policy', name: id }
}

export function paymasterLock(of: { chainId: number; paymaster: Address }): Lock {
  return { kind: 'paymaster', name: paymasterBucket(of) }
}

export function toEntry(row: SponsorshipRow): Entry {
  return {
    globalBuckets: split(row.global_buckets),
    userBuckets: split(row.user_buckets),
    amount: BigInt(row.amount),
    price: row.price === null ? undefined : BigInt(row.price),
    state: row.state,
    cost: BigInt(row.cost),
  }
}

export function toSponsorship(row: SponsorshipRow): Sponsorship {
  return {
    id: row.id as Hash,
    window: { validAfter: row.valid_after, validUntil: row.valid_until },
    signature: (row.signature ?? undefined) as Hex | undefined,
  }
}

/** A signature of less than a minute is renewed each second, and each of them has two forms. */
const maxHashes = 2 * 64

/** Hashes under which a sponsorship may be charged, newest first. */
export function hashesOf({ user_op_hash }: Pick<SponsorshipRow, 'user_op_hash'>): string[] {
  return split(user_op_hash ?? '')
}

/** The row with these hashes before its own. */
export function withHashes(row: SponsorshipRow, hashes: readonly string[]): SponsorshipRow {
  const all = [...new Set([...hashes, ...hashesOf(row)])].slice(0, maxHashes)
  return { ...row, user_op_hash: all.join(' ') }
}

export function joinBuckets(ids: readonly string[]): string {
  return ids.map((id) => `${id} `).join('')
}

function split(ids: string): string[] {
  return ids.split(' ').filter((id) => id !== '')
}

/** Fills in {@link SponsorshipRow.held} of all rows of one key. */
export function withHeld(rows: readonly SponsorshipRow[]): SponsorshipRow[] {
  const largest = new Map<string, SponsorshipRow>()
  for (const row of rows) {
    const before = largest.get(row.policy_id)
    if (row.state === 'reserved' && (!before || BigInt(row.amount) > BigInt(before.amount)))
      largest.set(row.policy_id, row)
  }
  return rows.map((row) => {
    const held = largest.get(row.policy_id) === row ? row.amount : '0'
    return row.held === held ? row : { ...row, held }
  })
}

export function toBalance(row: BucketRow): Balance {
  return {
    reserved: {
      wei: BigInt(row.reserved_wei),
      microUsd: BigInt(row.reserved_micro_usd),
      operations: row.reserved_operations,
    },
    settled: {
      wei: BigInt(row.settled_wei),
      microUsd: BigInt(row.settled_micro_usd),
      operations: row.settled_operations,
    },
    expired: row.expired_operations,
  }
}

export function toBucketRow(id: string, { reserved, settled, expired }: Balance): BucketRow {
  return {
    id,
    reserved_wei: `${reserved.wei}`,
    settled_wei: `${settled.wei}`,
    reserved_micro_usd: `${reserved.microUsd}`,
    settled_micro_usd: `${settled.microUsd}`,
    reserved_operations: reserved.operations,
    settled_operations: settled.operations,
    expired_operations: expired,
    ends_at: bucketEnd(id),
  }
}

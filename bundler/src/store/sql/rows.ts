import { getEntryPointAdapter } from '@fabstir/erc4337'
import type { Selectable } from 'kysely'
import type { Address, Hex } from 'viem'
import type { Bundle } from '../../types/bundle.ts'
import type { PooledOperation } from '../../types/pooledOperation.ts'
import type { ReputationEntry } from '../../types/reputationEntry.ts'
import type { Inclusion } from '../../types/userOperationEvent.ts'
import { operationFromJson, operationToJson } from '../operationJson.ts'
import { recordFromJson, recordToJson } from '../recordJson.ts'
import type { StoreTables } from './schema.ts'

export type OperationRow = Selectable<StoreTables['operations']>
export type BundleRow = Selectable<StoreTables['bundles']>
export type ReputationRow = Selectable<StoreTables['reputations']>
export type InclusionRow = Selectable<StoreTables['inclusions']>

/** A row of an operation that waits in the pool. */
export function toOperationRow(operation: PooledOperation): OperationRow {
  return {
    hash: operation.hash,
    entry_point: operation.entryPoint.address,
    operation: operationToJson(operation.op),
    prefund: operation.prefund.toString(),
    valid_after: operation.validAfter,
    valid_until: operation.validUntil,
    added_at: operation.addedAt,
    state: 'pending',
    reason: null,
    record: operation.record ? recordToJson(operation.record) : null,
  }
}

/** @throws UnknownEntryPointError when the row names an EntryPoint that this program does not know. */
export function fromOperationRow(row: OperationRow): PooledOperation {
  const entryPoint = getEntryPointAdapter(row.entry_point as Address)
  if (!entryPoint) throw new UnknownEntryPointError(row.entry_point)
  return {
    hash: row.hash as Hex,
    entryPoint,
    op: operationFromJson(row.operation),
    prefund: BigInt(row.prefund),
    validAfter: Number(row.valid_after),
    validUntil: Number(row.valid_until),
    addedAt: Number(row.added_at),
    ...(row.record !== null && { record: recordFromJson(row.record) }),
  }
}

export function toBundleRow(bundle: Bundle): BundleRow {
  const transactions = bundle.transactions.map((transaction) => ({
    ...transaction,
    maxFeePerGas: transaction.maxFeePerGas.toString(),
    maxPriorityFeePerGas: transaction.maxPriorityFeePerGas.toString(),
  }))
  return {
    id: bundle.id,
    entry_point: bundle.entryPoint,
    executor: bundle.executor,
    nonce: bundle.nonce,
    operations: JSON.stringify(bundle.operations),
    transactions: JSON.stringify(transactions),
    created_at: bundle.createdAt,
    sent_at_block: bundle.sentAtBlock,
    settled_number: bundle.settledIn?.number ?? null,
    settled_hash: bundle.settledIn?.hash ?? null,
  }
}

type TransactionJson = {
  hash: Hex
  raw: Hex
  maxFeePerGas: string
  maxPriorityFeePerGas: string
  operations: Hex[]
}

export function fromBundleRow(row: BundleRow): Bundle {
  const transactions: TransactionJson[] = JSON.parse(row.transactions)
  return {
    id: row.id,
    entryPoint: row.entry_point as Address,
    executor: row.executor as Address,
    nonce: Number(row.nonce),
    operations: JSON.parse(row.operations),
    transactions: transactions.map((transaction) => ({
      ...transaction,
      maxFeePerGas: BigInt(transaction.maxFeePerGas),
      maxPriorityFeePerGas: BigInt(transaction.maxPriorityFeePerGas),
    })),
    createdAt: Number(row.created_at),
    sentAtBlock: Number(row.sent_at_block),
    ...(row.settled_number !== null &&
      row.settled_hash !== null && {
        settledIn: { number: Number(row.settled_number), hash: row.settled_hash as Hex },
      }),
  }
}

export function toInclusionRow(inclusion: Inclusion): InclusionRow {
  return {
    hash: inclusion.hash,
    transaction_hash: inclusion.transactionHash,
    block_number: inclusion.block.number,
    block_hash: inclusion.block.hash,
    success: inclusion.success ? 1 : 0,
    receipt: JSON.stringify(inclusion.receipt),
  }
}

export function fromInclusionRow(row: InclusionRow): Inclusion {
  return {
    hash: row.hash as Hex,
    transactionHash: row.transaction_hash as Hex,
    block: { number: Number(row.block_number), hash: row.block_hash as Hex },
    success: row.success === 1,
    receipt: JSON.parse(row.receipt),
  }
}

export function toReputationRow(entry: ReputationEntry): ReputationRow {
  return {
    entry_point: entry.entryPoint,
    address: entry.address,
    ops_seen: entry.opsSeen.toString(),
    ops_included: entry.opsIncluded.toString(),
    hour: entry.hour,
  }
}

export function fromReputationRow(row: ReputationRow): ReputationEntry {
  return {
    entryPoint: row.entry_point as Address,
    address: row.address as Address,
    opsSeen: BigInt(row.ops_seen),
    opsIncluded: BigInt(row.ops_included),
    hour: Number(row.hour),
  }
}

/** The store holds an operation for an EntryPoint that is not supported any more. */
export class UnknownEntryPointError extends Error {
  override name = 'UnknownEntryPointError'
  address: string

  constructor(address: string) {
    super(`the store holds an operation for the unknown EntryPoint ${address}`)
    this.address = address
  }
}

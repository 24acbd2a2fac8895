import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import type { ValidationRecord } from './validationRecord.ts'

/** A validated operation as the mempool and the journal hold it. */
export type PooledOperation = {
  /** userOpHash of the EntryPoint on this chain. */
  hash: Hex
  entryPoint: EntryPointAdapter
  op: UserOperation
  /** Wei that the payer must have deposited. */
  prefund: bigint
  /** Unix seconds; 0 means from the beginning. */
  validAfter: number
  /** Unix seconds; 0 means without end. */
  validUntil: number
  /** [EntryPoint 0.9] Number of the last block in which it is valid; the journal does not keep it. */
  validUntilBlock?: number
  /** Unix milliseconds of admission. */
  addedAt: number
  /** Number of the block on whose state it was validated; what an older state says is about another one. */
  validatedAtBlock?: number
  /** Absent when it was not validated here (`debug_bundler_addUserOps`). */
  record?: ValidationRecord
}

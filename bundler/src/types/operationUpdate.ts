import type { Hex } from 'viem'

/** Why an operation left the pool without being included. */
export type DropReason = {
  /** `AA…` code of the EntryPoint, or a rule of this bundler such as `expired`. */
  rule: string
  message: string
  /** Revert bytes, where the chain gave some. */
  revertData?: Hex
}

/** What happened to an operation: returned by a stage, applied by `pipeline/` to pool, store and reputation. */
export type OperationUpdate =
  | { type: 'submitted'; hash: Hex; transactionHash: Hex }
  | { type: 'included'; hash: Hex; transactionHash: Hex; blockNumber: number; success: boolean }
  /** Its bundle did not carry it to the chain, but the operation may still be valid: it waits again. */
  | { type: 'failed'; hash: Hex; reason: DropReason }
  /** It can no longer be included. */
  | { type: 'dropped'; hash: Hex; reason: DropReason }
  /** The block that included it is no longer canonical. */
  | { type: 'reorged'; hash: Hex; blockHash: Hex }

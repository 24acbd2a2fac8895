import type { Entity } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'

/** Why an operation left the pool without being included. */
export type DropReason = {
  /** `AA…` code of the EntryPoint, or a rule of this bundler such as `expired`. */
  rule: string
  message: string
  /** Who broke the rule, where the rule alone does not say it. */
  entity?: Entity
  /** Revert bytes, where the chain gave some. */
  revertData?: Hex
}

/**
 * Where an operation failed that had been admitted as valid. `secondValidation`: by itself, before its
 * bundle. `bundleCreation`: in the bundle, though it passed by itself.
 */
export type FailurePhase = 'secondValidation' | 'bundleCreation'

/** What happened to an operation: returned by a stage, applied by `pipeline/` to pool, store and reputation. */
export type OperationUpdate =
  | { type: 'submitted'; hash: Hex; transactionHash: Hex }
  | { type: 'included'; hash: Hex; transactionHash: Hex; blockNumber: number; success: boolean }
  /** Its bundle did not carry it to the chain, but the operation may still be valid: it waits again. */
  | { type: 'failed'; hash: Hex; reason: DropReason }
  /** It can no longer be included. */
  | {
      type: 'dropped'
      hash: Hex
      reason: DropReason
      phase?: FailurePhase
      /** [GREP-010] [GREP-020] The entity that is banned or throttled and took it out of the pool. */
      outcast?: Address
    }
  /** The block that included it is no longer canonical. */
  | { type: 'reorged'; hash: Hex; blockHash: Hex }

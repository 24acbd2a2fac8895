import type { Entity } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'

/** Slots of one contract, each once, as 32-byte words. */
export type StorageAccess = { address: Address; slots: readonly Hex[] }

/** What the first validation of an operation found out, for as long as it is pending. */
export type ValidationRecord = {
  /** [SREP-010] Entities that had enough at stake. */
  staked: readonly Entity[]
  /** Storage that validation read; absent when it was not traced. */
  reads?: readonly StorageAccess[]
  /** Storage that validation wrote; absent when it was not traced. */
  writes?: readonly StorageAccess[]
}

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
  /** What else validation depended on; absent when it was not traced, and then it has to be done again. */
  dependencies?: ValidationDependencies
}

/**
 * While all of it is as it was, another validation would run the same: opcodes that see anything else are
 * forbidden [OP-011]. Addresses in lower case.
 */
export type ValidationDependencies = {
  /** Slots that were read, with what they held. */
  slots: readonly { address: Address; slot: Hex; value: Hex }[]
  /** Contracts that were run or named, and the hash of their code [COD-010]; all zero without code. */
  codes: readonly { address: Address; codeHash: Hex }[]
  /** Wei that addresses sent, and must have. */
  payments: readonly { from: Address; amount: bigint }[]
  /** An entity asked for a balance [OP-080]: then the record says too little to compare. */
  readsBalances: boolean
  /** Bytes of the paymaster's context [EREP-055]. */
  contextSize: number
  /** Gas that the code of each entity used [EREP-070]; absent when the trace did not tell gas. */
  gasUsed?: Partial<Record<Entity, bigint>>
}

/** What of a validation may not differ much from another one of the same operation. */
export type ValidationFigures = Pick<ValidationDependencies, 'contextSize' | 'gasUsed'>

/** An operation's validation when it was admitted, and the one directly before its bundle. */
export type ValidationChange = { before: ValidationFigures; after: ValidationFigures }

import type { EntryPointAdapter, UserOperation, ValidationData } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import type { CallResult, StateOverride } from '../chain/reader.ts'
import type { SearchLayout } from './searchLayout.ts'

/** What an entity has staked, as a simulation returns it. */
export type Stake = { stake: bigint; unstakeDelaySec: bigint }

export type SimulatedValidation = {
  /** Verification gas used by account, factory and paymaster, and preVerificationGas. */
  preOpGas: bigint
  /** Wei. */
  prefund: bigint
  account: ValidationData
  /** Neutral on EntryPoint 0.6, which returns both intersected: as `account`. */
  paymaster: ValidationData
  senderStake: Stake
  factoryStake: Stake
  paymasterStake: Stake
  /** What the paymaster hands to its `postOp`; `0x` means that `postOp` is not called. */
  paymasterContext: Hex
}

export type SimulatedHandleOp = {
  preOpGas: bigint
  /** Wei that the EntryPoint kept. */
  paid: bigint
  targetSuccess: boolean
  targetResult: Hex
}

/** The call that `simulateHandleOp` makes, as the EntryPoint, after the operation was handled. */
export type TargetCall = { target: Address; data: Hex }

/** One execution step: the arguments of `innerHandleOp`, which an EntryPoint calls on itself. */
export type InnerHandleOp = {
  /** Limits, fees and payer of the step. */
  op: UserOperation
  /** The operation that was validated; `executeUserOp` accounts are given it with its hash. */
  validated: { op: UserOperation; hash: Hex }
  /** Wei; what is not used is refunded as deposit. */
  prefund: bigint
  paymasterContext: Hex
}

/** A decoded answer, or the revert data of the EntryPoint. */
export type Simulated<result> = { ok: true; result: result } | { ok: false; data: Hex }

/** How one EntryPoint version is simulated by `eth_call`. */
export type EntryPointSimulation = {
  /** Code that the EntryPoint must have during the call. */
  override(entryPoint: EntryPointAdapter): StateOverride
  encodeSimulateValidation(op: UserOperation, entryPoint: EntryPointAdapter): Hex
  decodeSimulateValidation(
    result: CallResult,
    entryPoint: EntryPointAdapter,
  ): Simulated<SimulatedValidation>
  encodeSimulateHandleOp(op: UserOperation, entryPoint: EntryPointAdapter, call: TargetCall): Hex
  decodeSimulateHandleOp(result: CallResult): Simulated<SimulatedHandleOp>
  encodeInnerHandleOp(inner: InnerHandleOp, entryPoint: EntryPointAdapter): Hex
  /**
   * Where the EntryPoint keeps whether a stake is locked: both versions of the simulation answer with the
   * stake of an entity that has unlocked it and can take it at any time.
   */
  stakeLock: {
    slot(entity: Address): Hex
    isLocked(value: Hex): boolean
  }
  /** Where the EntryPoint keeps the deposit of an account. */
  depositSlot(account: Address): Hex
  /** What the EntryPoint calls the sender with. */
  executionCall(validated: InnerHandleOp['validated'], entryPoint: EntryPointAdapter): Hex
  /** Where all of that has its limits and results. */
  layout: SearchLayout
}

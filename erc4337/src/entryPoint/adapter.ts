import type { Abi, Address, Hex } from 'viem'
import type { UserOperation } from '../userOperation.ts'
import type { EntryPointRevert } from './errors.ts'

export type EntryPointVersion = '0.6' | '0.7' | '0.8' | '0.9'

/** What differs between EntryPoint versions. Code outside the `vXX` folders never asks for the version. */
export type EntryPointAdapter = {
  version: EntryPointVersion
  /** Canonical address, the same on every chain. */
  address: Address
  abi: Abi
  /** userOpHash as the EntryPoint computes it (`getUserOpHash`). */
  hash(op: UserOperation, chainId: number): Hex
  /** The wire (JSON-RPC) object of ERC-7769, quantities as hex. */
  toRpc(op: UserOperation): Record<string, unknown>
  /** Calldata of `handleOps`. */
  encodeHandleOps(ops: readonly UserOperation[], beneficiary: Address): Hex
  /** Operations and beneficiary of a `handleOps` transaction; `undefined` when `data` is another call. */
  decodeHandleOps(data: Hex): { ops: UserOperation[]; beneficiary: Address } | undefined
  /** ABI-encoded operation as it stands in `handleOps` calldata (tuple without its outer offset), for calldata gas. */
  encodeOperation(op: UserOperation): Hex
  /** What revert data of `handleOps` or of a simulation says. */
  decodeRevert(data: Hex): EntryPointRevert
  /** Gas that the EntryPoint charges at most: all limits that enter the required prefund. */
  requiredGas(op: UserOperation): bigint
  /** Upper bound in wei that the payer must have deposited: `requiredGas * maxFeePerGas`. */
  requiredPrefund(op: UserOperation): bigint
}

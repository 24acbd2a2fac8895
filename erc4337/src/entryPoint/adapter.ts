import type { Abi, Address, Hex } from 'viem'
import type { UserOperation } from '../userOperation.ts'
import type { EntryPointRevert } from './errors.ts'

export type EntryPointVersion = '0.6' | '0.7' | '0.8' | '0.9'

/**
 * Gas of a bundle that the EntryPoint spends and charges to no operation, calldata apart. The beneficiary
 * is the sender of the transaction, whose address is warm.
 */
export type UnmeasuredGas = {
  /** Once per `handleOps`: reentrancy guard, events, payment of the beneficiary. */
  bundle: bigint
  /** Per operation: loop, hash, event. */
  operation: bigint
  /** Per 32-byte word of the encoded operation: copies and memory. */
  word: bigint
  /** On top of that when the account is given the whole operation (`executeUserOp`). */
  executeUserOp: { operation: bigint; word: bigint }
  /** For each entity whose validation returns anything but 0: a time range, for one. */
  validationData: bigint
}

/** What differs between EntryPoint versions. Code outside the `vXX` folders never asks for the version. */
export type EntryPointAdapter = {
  version: EntryPointVersion
  /** Canonical address, the same on every chain. */
  address: Address
  abi: Abi
  /** Fields and return values that only some versions know. */
  supports: {
    /** `factory` 0x7702… and an EIP-7702 authorization. */
    eip7702: boolean
    /** `paymasterSignature`, outside the hash. */
    paymasterSignature: boolean
    /** `paymasterVerificationGasLimit` and `paymasterPostOpGasLimit`. */
    paymasterGasLimits: boolean
    /** Validity in block numbers (bit 47 of both bounds). */
    blockRanges: boolean
    /** The cost that `postOp` is told holds the penalty for unused `callGasLimit`: a paymaster can charge for it. */
    fullCostInPostOp: boolean
  }
  /**
   * userOpHash as the EntryPoint computes it (`getUserOpHash`).
   * @param keccak Where a faster one than viem's is at hand.
   * @throws DelegateUnknownError for an EIP-7702 operation without its authorization: the delegate is hashed.
   */
  hash(op: UserOperation, chainId: number, keccak?: (data: Hex) => Hex): Hex
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
  /** Gas that the EntryPoint charges at least for the limits of `op`, however little or much of it is used. */
  minimumChargedGas(op: UserOperation): bigint
  /** Measured with bundles of 1 to 30 operations that use all of their limits; test/system/preVerificationGas.test.ts repeats it. */
  unmeasuredGas: UnmeasuredGas
}

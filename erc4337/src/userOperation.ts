import type { Address, Hex, SignedAuthorization } from 'viem'

/**
 * A User Operation in one shape for all EntryPoints: the unpacked fields of EntryPoint 0.7 and later.
 * A 0.6 `initCode` is split into `factory` and `factoryData`, a 0.6 `paymasterAndData` into
 * `paymaster` and `paymasterData`; its two paymaster gas limits stay absent. Amounts are wei, gas is gas.
 */
export type UserOperation = {
  sender: Address
  /** 192-bit key and 64-bit sequence (ERC-4337 semi-abstracted nonce). */
  nonce: bigint
  /** `0x7702000000000000000000000000000000000000` for an EIP-7702 sender (0.8 and later). */
  factory?: Address
  factoryData?: Hex
  callData: Hex
  callGasLimit: bigint
  verificationGasLimit: bigint
  preVerificationGas: bigint
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
  paymaster?: Address
  paymasterVerificationGasLimit?: bigint
  paymasterPostOpGasLimit?: bigint
  paymasterData?: Hex
  /** EntryPoint 0.9: appended after the hash is made, so that the paymaster signs in parallel. */
  paymasterSignature?: Hex
  signature: Hex
  /** EIP-7702 authorization that the bundle transaction carries for the sender. */
  eip7702Auth?: SignedAuthorization
}

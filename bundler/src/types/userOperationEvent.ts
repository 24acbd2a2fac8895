import type { Address, Hex } from 'viem'

/** `UserOperationEvent` of an EntryPoint, and where it stood. */
export type UserOperationEvent = {
  entryPoint: Address
  userOpHash: Hex
  sender: Address
  /** Zero address without paymaster. */
  paymaster: Address
  nonce: bigint
  success: boolean
  /** Wei. */
  actualGasCost: bigint
  actualGasUsed: bigint
  transactionHash: Hex
  blockHash: Hex
  blockNumber: number
  /** Index within the block. */
  logIndex: number
}

/** An operation on chain, with the answer of `eth_getUserOperationReceipt` ready to be sent. */
export type Inclusion = {
  hash: Hex
  transactionHash: Hex
  block: { number: number; hash: Hex }
  success: boolean
  receipt: Record<string, unknown>
}

import type { Address, Hex } from 'viem'
import { hashTypedData } from 'viem'

/** What an owner signs to take an operation back. */
export type Cancellation = {
  userOpHash: Hex
  /** Unix seconds; the signature means nothing afterwards. */
  deadline: bigint
}

/** EIP-712 types of a cancellation. */
const cancellationTypes = {
  DropUserOperation: [
    { name: 'userOpHash', type: 'bytes32' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/** The digest of a cancellation: bound to one operation, its EntryPoint and its chain. */
export function cancellationDigest(
  message: Cancellation,
  { chainId, entryPoint }: { chainId: number; entryPoint: Address },
): Hex {
  return hashTypedData({
    domain: { name: 'FabstirBundler', version: '1', chainId, verifyingContract: entryPoint },
    types: cancellationTypes,
    primaryType: 'DropUserOperation',
    message,
  })
}

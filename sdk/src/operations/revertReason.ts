import { type Address, decodeAbiParameters, type Hash, type Hex, pad, toEventSelector } from 'viem'
import { parseAbiParameters } from '../contracts/parseAbi.ts'

/** `UserOperationRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes revertReason)` */
const revertReason = {
  signature: 'UserOperationRevertReason(bytes32,address,uint256,bytes)',
  data: parseAbiParameters('uint256 nonce, bytes revertReason'),
}

/**
 * What the calls of an operation reverted with, as its EntryPoint logged it; `undefined` when it did not. A log that is
 * cut short is none: in a bundle, any contract can emit one.
 */
export function findRevertReason(
  logs: readonly { topics: readonly Hex[]; data: Hex }[],
  operation: { userOpHash: Hash } | { sender: Address },
): Hex | undefined {
  const selector = toEventSelector(revertReason.signature)
  const [index, topic] =
    'userOpHash' in operation ? [1, operation.userOpHash] : [2, pad(operation.sender, { size: 32 })]
  for (const { topics, data } of logs) {
    if (topics[0] !== selector || topics[index]?.toLowerCase() !== topic.toLowerCase()) continue
    try {
      return decodeAbiParameters(revertReason.data, data)[1]
    } catch {}
  }
  return undefined
}

import type { UserOperation } from '@fabstir/erc4337'
import { entitiesOf } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import {
  concatHex,
  encodeFunctionData,
  getContractAddress,
  isAddressEqual,
  isErc6492Signature,
  numberToHex,
  parseAbi,
  recoverAddress,
  size,
  slice,
} from 'viem'
import { parseErc6492Signature } from 'viem/utils'
import type { CallResult, ChainReader } from '../chain/reader.ts'

const erc1271 = parseAbi(['function isValidSignature(bytes32,bytes) view returns (bytes4)'])
/** [ERC-1271] The whole word: a contract that only echoes its input does not answer like this. */
const VALID = `0x1626ba7e${'0'.repeat(56)}`
/** Gas of a check; like `verificationGasLimit` it bounds what strangers can make the node run. */
const CHECK_GAS = 5_000_000n

/**
 * Calls the factory, then the account, and returns what the account said. Input: factory (20 bytes),
 * account (20), length of the factory's data (32), that data, the account's call data.
 */
const deployThenCall: Hex = concatHex([
  '0x60283580604860003760006000826000600060003560601c5af150',
  '0x60480180360390819060003760006000826000601435',
  '0x60601c5afa3d600060003e6043573d6000fd5b3d6000f3',
])

/**
 * Whether whoever made `signature` over `digest` speaks for the sender: the key of an EOA (which an
 * EIP-7702 account stays, whatever its delegate), or by the account's own ERC-1271 judgement. An account
 * that is not deployed yet is deployed for the call, by the EntryPoint's SenderCreator, as its factory expects.
 * @throws RpcError `nodeUnavailable`.
 */
export async function provesSender(
  reader: Pick<ChainReader, 'call'>,
  subject: { op: UserOperation; entryPoint: Address; digest: Hex; signature: Hex },
): Promise<boolean> {
  const { op, entryPoint, digest } = subject
  const signature = bareSignature(subject.signature)
  if (await isSignedBy(op.sender, digest, signature)) return true
  const data = encodeFunctionData({ abi: erc1271, args: [digest, signature] })
  if (isValid(await reader.call({ to: op.sender, data, gas: CHECK_GAS }))) return true
  const { factory } = entitiesOf(op)
  if (!factory) return false
  const senderCreator = getContractAddress({ from: entryPoint, nonce: 1n })
  const factoryData = op.factoryData ?? '0x'
  const length = numberToHex(size(factoryData), { size: 32 })
  const result = await reader.call({
    to: senderCreator,
    data: concatHex([factory, op.sender, length, factoryData, data]),
    gas: CHECK_GAS,
    stateOverride: { [senderCreator]: { code: deployThenCall } },
  })
  return isValid(result)
}

/** [ERC-6492] Clients wrap the signature of an account that is not deployed; the operation has its factory. */
function bareSignature(signature: Hex): Hex {
  if (!isErc6492Signature(signature)) return signature
  try {
    return parseErc6492Signature(signature).signature
  } catch {
    // Only the last 32 bytes look like it.
    return signature
  }
}

async function isSignedBy(address: Address, hash: Hex, signature: Hex): Promise<boolean> {
  if (size(signature) !== 65) return false
  try {
    return isAddressEqual(await recoverAddress({ hash, signature }), address)
  } catch {
    // No point on the curve.
    return false
  }
}

function isValid(result: CallResult): boolean {
  return result.ok && size(result.data) >= 32 && slice(result.data, 0, 32) === VALID
}

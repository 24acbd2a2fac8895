import {
  type Address,
  type Client,
  concatHex,
  encodeFunctionData,
  type Hex,
  hexToBigInt,
  numberToHex,
  pad,
  size,
  slice,
} from 'viem'
import { call } from '../contracts/call.ts'
import { parseAbi } from '../contracts/parseAbi.ts'
import { withTypedErrors } from '../errors/explainFailure.ts'
import type { ReadClient } from '../types/client.ts'

const erc1271 = parseAbi([
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
])
const magicValue = '0x1626ba7e'
const ecrecover = numberToHex(1, { size: 20 })
/** Half of the order of secp256k1: contracts take the lower of the two signatures only. */
const maximumS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/**
 * Whether an account has signed a hash, by its key or by ERC-1271. The chain recovers the key by its precompile, so
 * that no arithmetic of curves is loaded.
 */
export async function isSignedBy(
  client: ReadClient,
  signer: Address,
  hash: Hex,
  signature: Hex,
): Promise<boolean> {
  const [recovered, accepted] = await Promise.all([
    withTypedErrors(client, () => recover(client.client, hash, signature)),
    isAccepted(client.client, signer, hash, signature),
  ])
  return accepted || recovered?.toLowerCase() === signer.toLowerCase()
}

async function recover(client: Client, hash: Hex, signature: Hex): Promise<Hex | undefined> {
  if (size(signature) !== 65) return undefined
  const [rs, s, v] = [slice(signature, 0, 64), slice(signature, 32, 64), slice(signature, 64)]
  if (hexToBigInt(s) > maximumS) return undefined
  const data = await call(client, { to: ecrecover, data: concatHex([hash, pad(v), rs]) })
  // Nothing comes back for a signature that recovers to nobody.
  return size(data) === 32 ? slice(data, 12) : undefined
}

/** A contract may refuse by a revert of any kind; a node that does not answer is seen by {@link recover}. */
async function isAccepted(client: Client, signer: Address, hash: Hex, signature: Hex) {
  const data = encodeFunctionData({
    abi: erc1271,
    functionName: 'isValidSignature',
    args: [hash, signature],
  })
  const answer = await call(client, { to: signer, data }).catch(() => undefined)
  return answer === pad(magicValue, { dir: 'right', size: 32 })
}

import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { encodeAbiParameters, keccak256, numberToHex } from 'viem'
import type { StateOverride } from '../chain/reader.ts'

/** Where every EntryPoint keeps `mapping(address sender => mapping(uint192 key => uint256 sequence))`. */
const NONCE_MAPPING_SLOT = 1n
const SEQUENCE_MASK = (1n << 64n) - 1n

/** The EntryPoint as it will be when everything before this nonce has been included. */
export function nonceOverride(op: UserOperation, entryPoint: EntryPointAdapter): StateOverride {
  const ofSender = keccak256(
    encodeAbiParameters(
      [{ type: 'address' }, { type: 'uint256' }],
      [op.sender, NONCE_MAPPING_SLOT],
    ),
  )
  const slot = keccak256(
    encodeAbiParameters([{ type: 'uint192' }, { type: 'bytes32' }], [op.nonce >> 64n, ofSender]),
  )
  const sequence = numberToHex(op.nonce & SEQUENCE_MASK, { size: 32 })
  return { [entryPoint.address]: { stateDiff: { [slot]: sequence } } }
}

import type { Address, Hex } from 'viem'
import { hexToBigInt, keccak256, pad, size, slice } from 'viem'
import { lower } from './scene.ts'

/** Slots behind keccak256(A ‖ x) that count as one struct, 0 to 128. */
const structSlots = 128n

/** Tells whether a slot is associated with an address. */
export type Association = (slot: Hex, address: Address) => boolean

/**
 * [ERC-7562, associated storage] The slot is A, or keccak256(A ‖ x) + n with n from 0 to 128.
 * @param preimages What the validation hashed.
 * @param addresses Addresses that will be asked about.
 */
export function associatedStorage(
  preimages: readonly Hex[],
  addresses: readonly Address[],
): Association {
  const starts = new Map<Address, bigint[]>()
  for (const address of addresses) {
    const word = wordOf(address)
    const own = preimages.filter(
      (preimage) => size(preimage) === 64 && lower(preimage).startsWith(word),
    )
    starts.set(
      lower(address),
      own.map((preimage) => hexToBigInt(keccak256(preimage))),
    )
  }
  return (slot, address) => {
    const position = hexToBigInt(slot)
    if (position === hexToBigInt(address)) return true
    return (starts.get(lower(address)) ?? []).some(
      (start) => position >= start && position - start <= structSlots,
    )
  }
}

function wordOf(address: Address): string {
  return lower(slice(pad(address, { size: 32 }), 0, 32))
}

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
  const starts = new Map<Address, Ascending>()
  for (const address of addresses) {
    const word = wordOf(address)
    const own = preimages.filter(
      (preimage) => size(preimage) === 64 && lower(preimage).startsWith(word),
    )
    starts.set(lower(address), sorted(own.map((preimage) => hexToBigInt(keccak256(preimage)))))
  }
  return (slot, address) => {
    const position = hexToBigInt(slot)
    if (position === hexToBigInt(address)) return true
    const start = lastUpTo(starts.get(lower(address)) ?? [], position)
    return start !== undefined && position - start <= structSlots
  }
}

/** Smallest first. */
type Ascending = readonly bigint[]

function sorted(values: bigint[]): Ascending {
  return values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/**
 * The largest of `values` that is not above `most`. A few million gas hash and touch tens of thousands of
 * words, so they are not compared one by one.
 */
function lastUpTo(values: Ascending, most: bigint): bigint | undefined {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    const value = values[middle]
    if (value !== undefined && value <= most) low = middle + 1
    else high = middle
  }
  return values[low - 1]
}

function wordOf(address: Address): string {
  return lower(slice(pad(address, { size: 32 }), 0, 32))
}

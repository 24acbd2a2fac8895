import type { Address, Hex } from 'viem'

/*
 * What is hashed are words of 32 bytes, some forty for one sponsorship. viem's functions for it take every kind of
 * value, and as long as the hashes.
 */

/** @throws RangeError for anything but uint256 */
export function word(value: bigint | number): Hex {
  const digits = value.toString(16)
  if (value < 0 || digits.length > 64) throw new RangeError(`expected a uint256, not ${value}`)
  return `0x${digits.padStart(64, '0')}`
}

/**
 * Half a word, as gas limits and fees are packed.
 * @throws RangeError for anything but uint128
 */
export function halfWord(value: bigint): Hex {
  const digits = value.toString(16)
  if (value < 0n || digits.length > 32) throw new RangeError(`expected a uint128, not ${value}`)
  return `0x${digits.padStart(32, '0')}`
}

export function addressWord(address: Address): Hex {
  return `0x${address.slice(2).padStart(64, '0')}`
}

export function joinHex(parts: readonly Hex[]): Hex {
  let digits: Hex = '0x'
  for (const part of parts) digits += part.slice(2)
  return digits as Hex
}

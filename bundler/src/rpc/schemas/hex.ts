import type { Address, Hex } from 'viem'
import { getAddress } from 'viem'
import { z } from 'zod'

/** 20 bytes in any letter case; the result is checksummed. */
export const address = z
  .string({ error: 'must be an address (0x and 40 hex digits)' })
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address (0x and 40 hex digits)')
  .transform((value): Address => getAddress(value.toLowerCase()))

/** Whole bytes: an even number of hex digits, possibly none. */
export const bytes = z
  .string({ error: 'must be bytes (0x and an even number of hex digits)' })
  .regex(/^0x(?:[0-9a-fA-F]{2})*$/, 'must be bytes (0x and an even number of hex digits)')
  .transform((value) => value.toLowerCase() as Hex)

/** Exactly `size` bytes. */
export function bytesOfSize(size: number) {
  const rule = `must be ${size} bytes (0x and ${2 * size} hex digits)`
  return z
    .string({ error: rule })
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * size}}$`), rule)
    .transform((value) => value.toLowerCase() as Hex)
}

/** A hex quantity of at most `bits` bits. Leading zeros are accepted: some wallets pad. */
export function uint(bits: number) {
  const rule = `must be a hex quantity (0x and 1 to 64 hex digits) of at most ${bits} bits`
  return z
    .string({ error: rule })
    .regex(/^0x[0-9a-fA-F]{1,64}$/, rule)
    .transform((value) => BigInt(value))
    .refine((value) => value < 1n << BigInt(bits), rule)
}

/** A hex quantity that fits into a JavaScript number. */
export const smallUint = uint(53).transform(Number)

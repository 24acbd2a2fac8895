import type { Address, Hex } from 'viem'
import { getAddress, isAddress } from 'viem'
import { z } from 'zod'

/** Most functions, addresses or values in one list of a policy. */
export const maxEntries = 1_000

export const address = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'expected a 20-byte hex address')
  .transform((value): Address => getAddress(value))

export const addresses = z.array(address).max(maxEntries)

/** Wei as decimal text: JSON numbers lose digits above 2^53. */
export const wei = z.string().regex(/^(0|[1-9]\d{0,77})$/, 'expected wei as a decimal string')

export const seconds = z
  .number()
  .int()
  .min(0)
  .max(2 ** 48 - 1)

export const word = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'expected a 32-byte word')
  .transform((value) => value.toLowerCase() as Hex)

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

/** Requests in a sliding window. */
export const requestRate = z.strictObject({
  requests: z.number().int().min(1).max(1_000_000),
  /** Length of the window. */
  seconds: z.number().int().min(1).max(86_400),
})

/** An origin as browsers send it: scheme, host and a port that is not the scheme's own. */
export const origin = z
  .string()
  .max(256)
  .refine(isOrigin, 'expected an origin like "https://app.example", without a path')

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value
}

import type { Address, Hex } from 'viem'
import { getAddress } from 'viem'
import { z } from 'zod'

/** A number, or its decimal digits as flags and environment give it. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER) {
  const rule = `must be a whole number from ${least} to ${most}`
  return z
    .union([z.number(), z.string().regex(/^\d+$/, rule).transform(Number)], { error: rule })
    .pipe(z.number().int(rule).min(least, rule).max(most, rule))
}

/** A whole amount, or its decimal digits. */
export function amount(unit: string, least = 0n) {
  const rule = `must be a decimal number of ${unit}, at least ${least}`
  return z
    .union([z.bigint(), z.string().regex(/^\d+$/, rule).transform(BigInt)], { error: rule })
    .pipe(z.bigint().min(least, rule))
}

export const flag = z.union([
  z.boolean(),
  z
    .enum(['true', '1', 'false', '0'], { error: 'must be true or false' })
    .transform((value) => value === 'true' || value === '1'),
])

/** A list, or its elements with commas between them. */
export function list<T extends z.ZodType<unknown, string>>(element: T) {
  const elements = z.array(element).min(1, 'must not be empty')
  return z.union([elements, z.string().transform(splitAtCommas).pipe(elements)])
}

function splitAtCommas(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

export const privateKey = z
  .string()
  // The rule must not show the value: it is a secret.
  .regex(/^0x[0-9a-fA-F]{64}$/, 'must be private keys (0x and 64 hex digits)')
  .transform((value) => value as Hex)

export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be addresses (0x and 40 hex digits)')
  .transform((value): Address => getAddress(value.toLowerCase()))

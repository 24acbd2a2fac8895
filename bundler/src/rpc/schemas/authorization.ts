import { numberToHex } from 'viem'
import { z } from 'zod'
import { address, smallUint, uint } from './hex.ts'

/** Half of a signature: a quantity, so leading zeros may be missing. */
const scalar = uint(256).transform((value) => numberToHex(value, { size: 32 }))

/**
 * A signed EIP-7702 authorization. `v` is accepted and ignored: `yParity` says the same. `null` and an
 * absent field mean the same, whatever the field.
 */
export const authorization = z.preprocess(
  withoutNulls,
  z
    .strictObject({
      chainId: smallUint,
      address,
      nonce: smallUint,
      yParity: smallUint.refine((value) => value <= 1, 'must be 0x0 or 0x1'),
      r: scalar,
      s: scalar,
      v: z.unknown().optional(),
    })
    .transform(({ v: _, ...signed }) => signed),
)

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
}

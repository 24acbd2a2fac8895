import { z } from 'zod'
import { address, bytesOfSize, smallUint } from './hex.ts'

/** A signed EIP-7702 authorization. `v` is accepted and ignored: `yParity` says the same. */
export const authorization = z
  .strictObject({
    chainId: smallUint,
    address,
    nonce: smallUint,
    yParity: smallUint.refine((value) => value <= 1, 'must be 0x0 or 0x1'),
    r: bytesOfSize(32),
    s: bytesOfSize(32),
    v: z.unknown().optional(),
  })
  .transform(({ v: _, ...signed }) => signed)

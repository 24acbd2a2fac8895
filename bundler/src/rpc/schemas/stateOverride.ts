import { z } from 'zod'
import type { StateOverride } from '../../types/stateOverride.ts'
import { address, bytes, bytesOfSize, uint } from './hex.ts'

const quantity = uint(256).transform((value) => `0x${value.toString(16)}` as const)
const storage = z.record(bytesOfSize(32), bytesOfSize(32))

/** The state override set of `eth_call`, third parameter of `eth_estimateUserOperationGas`. */
export const stateOverride: z.ZodType<StateOverride> = z.record(
  address,
  z
    .strictObject({
      balance: quantity.optional(),
      nonce: quantity.optional(),
      code: bytes.optional(),
      state: storage.optional(),
      stateDiff: storage.optional(),
    })
    .refine(({ state, stateDiff }) => !state || !stateDiff, {
      error: 'must not have both state and stateDiff',
    })
    .transform((fields) =>
      Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    ),
)

import type { Address, Hex } from 'viem'
import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { capsSchema } from './capsDocument.ts'

/** Most functions, addresses or values in one list of a policy. */
const maxEntries = 1_000

const address = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'expected a 20-byte hex address')
  .transform((value): Address => getAddress(value))

/** Wei as decimal text: JSON numbers lose digits above 2^53. */
const wei = z.string().regex(/^(0|[1-9]\d{0,77})$/, 'expected wei as a decimal string')

const seconds = z
  .number()
  .int()
  .min(0)
  .max(2 ** 48 - 1)

const word = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'expected a 32-byte word')
  .transform((value) => value.toLowerCase() as Hex)

const argument = z.strictObject({
  index: z.number().int().min(0).max(255),
  in: z
    .array(z.union([z.literal('account'), address, word]))
    .min(1)
    .max(maxEntries),
})

const callPermission = z.strictObject({
  target: z.union([z.literal('account'), address]),
  functions: z
    .array(
      z
        .string()
        .regex(
          /^(0x[0-9a-f]{8}|[A-Za-z_$][\w$]*\([\w,()[\]]*\))$/,
          'expected a signature like "approve(address,uint256)" or a 4-byte selector',
        ),
    )
    .min(1)
    .max(maxEntries),
  arguments: z.array(argument).max(16).optional(),
})

/** Schema of a policy document. What is not listed is refused. */
export const policyDocumentSchema = z.strictObject({
  /** Version of this format. */
  schema: z.literal(1),
  /** Name in the `context` of a request. Budgets belong to it, across versions. */
  id: z
    .string()
    .regex(/^[a-zA-Z0-9][\w.-]{0,63}$/, 'expected 1 to 64 letters, digits, "_", "." or "-"'),
  /** Raised by whoever changes the document. */
  version: z.number().int().min(1),
  /** Shown by wallets. */
  sponsor: z
    .strictObject({ name: z.string().min(1).max(64), icon: z.string().optional() })
    .optional(),
  chains: z.array(z.number().int().min(1)).min(1),
  entryPoints: z.array(address).min(1),
  caps: capsSchema,
  /** Highest `maxFeePerGas` that is paid for. */
  maxFeePerGas: wei.optional(),
  /** First and last second (Unix) in which the policy sponsors. */
  time: z.strictObject({ from: seconds.optional(), until: seconds.optional() }).optional(),
  senders: z
    .strictObject({
      /** When given, only these. */
      allow: z.array(address).max(maxEntries).optional(),
      deny: z.array(address).max(maxEntries).optional(),
    })
    .optional(),
  /** Factories that may deploy a sponsored sender. */
  factories: z.array(address).max(maxEntries),
  /** EIP-7702 implementations that a sponsored sender may be delegated to. */
  delegates: z.array(address).max(maxEntries),
  /**
   * Code that a deployed sender may have: only of known code is it known what it does with its call
   * data. Behind an ERC-1967 proxy the implementation counts as well.
   */
  accounts: z
    .array(
      z.strictObject({
        codeHash: word,
        implementations: z.array(address).min(1).max(maxEntries).optional(),
      }),
    )
    .max(maxEntries),
  /** Inner calls that are paid for. `target` `account` is the sender itself. */
  calls: z.array(callPermission).max(maxEntries),
})

/** A policy as people write it and as its hash is made. */
export type PolicyDocument = z.infer<typeof policyDocumentSchema>

export type CallPermission = PolicyDocument['calls'][number]
export type ArgumentCondition = NonNullable<CallPermission['arguments']>[number]

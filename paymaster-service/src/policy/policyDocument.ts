import { z } from 'zod'
import { capsSchema } from './capsDocument.ts'
import { accountMembers } from './document/accountSchemas.ts'
import { callPermissions } from './document/callSchemas.ts'
import { limitMembers } from './document/limitSchemas.ts'
import { address } from './document/primitives.ts'

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
    .strictObject({
      name: z.string().min(1).max(64),
      icon: z.string().optional(),
      author: z.string().max(64).optional(),
      description: z.string().max(1_024).optional(),
    })
    .optional(),
  chains: z.array(z.number().int().min(1)).min(1),
  entryPoints: z.array(address).min(1),
  caps: capsSchema,
  ...limitMembers,
  ...accountMembers,
  calls: callPermissions,
})

/** A policy as people write it and as its hash is made. */
export type PolicyDocument = z.infer<typeof policyDocumentSchema>

import { z } from 'zod'
import type { AuditHead } from '../audit/auditChain.ts'
import { readAudit, verifyAuditedStore } from '../audit/auditLog.ts'
import type { AuditTables } from '../audit/tables.ts'
import { auditedState } from './auditedState.ts'
import { operation } from './operation.ts'

/** `<seq>:<hash>`, as `audit verify` prints it. */
const anchor = z
  .string()
  .regex(/^[1-9]\d{0,14}:[0-9a-f]{64}$/, 'expected <number of an entry>:<its hash of 64 digits>')
  .transform((value): AuditHead => {
    const [seq = '', hash = ''] = value.split(':')
    return { seq: Number(seq), hash }
  })

export const audit = operation(
  'GET',
  '/audit',
  z.strictObject({
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(1_000).default(100),
  }),
  ({ store }, input) => readAudit(store.db.withTables<AuditTables>(), input),
)

/**
 * Whether the log is whole, and the first entry that is not; with anchors also whether it is the one they
 * are of. Then whether apps, keys, policies, webhooks, rotations and revoked signers are what it made them.
 */
export const verifyAuditLog = operation(
  'GET',
  '/audit/verify',
  z.strictObject({
    anchor: z.union([anchor.transform((one) => [one]), z.array(anchor).max(100)]).optional(),
  }),
  ({ store }, { anchor: anchors = [] }) => verifyAuditedStore(store, anchors, auditedState),
)

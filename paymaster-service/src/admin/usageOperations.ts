import { z } from 'zod'
import { usageDimensions, usageReport } from '../usage/usageReport.ts'
import { operation } from './operation.ts'

/** `2026-11-29`, as the first second of that day in UTC. */
const day = z.iso.date().transform((value) => Date.parse(`${value}T00:00:00Z`) / 1_000)
const dimensions = z
  .string()
  .transform((value) => value.split(','))
  .pipe(z.array(z.enum(usageDimensions)).min(1))

/** What was reserved and paid, grouped. */
export const usage = operation(
  'GET',
  '/usage',
  z.strictObject({
    by: dimensions.prefault('policy'),
    from: day.optional(),
    /** Its whole day counts. */
    to: day.transform((start) => start + 86_400).optional(),
    policy: z.string().optional(),
    app: z.string().optional(),
    user: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, 'expected a 20-byte hex address')
      .transform((value) => value.toLowerCase())
      .optional(),
    selector: z
      .string()
      .regex(/^0x[0-9a-fA-F]{8}$/, 'expected a 4-byte selector')
      .transform((value) => value.toLowerCase())
      .optional(),
    limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  }),
  ({ store }, input) => usageReport(store, input),
)

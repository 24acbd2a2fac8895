import { z } from 'zod'
import { wei } from './document/primitives.ts'
import type { CapWindow } from './window.ts'
import { capWindows } from './window.ts'

/** US dollars as decimal text; what is kept are micro-USD. */
export const usdText = z
  .string()
  .regex(
    /^(0|[1-9]\d{0,14})(\.\d{1,6})?$/,
    'expected US dollars as a decimal string with at most 6 decimals, like "12.50"',
  )
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

const limits = { wei: wei.optional(), usd: usdText.optional(), count: count.optional() }
const hasLimit = (cap: { wei?: unknown; usd?: unknown; count?: unknown }) =>
  cap.wei !== undefined || cap.usd !== undefined || cap.count !== undefined
const noLimit = 'expected at least one of wei, usd and count'

const windowCap = z
  .strictObject({ window: z.enum(capWindows), ...limits })
  .refine(hasLimit, { error: noLimit })

const windowCaps = z
  .array(windowCap)
  .min(1)
  .max(capWindows.length)
  .refine((caps) => new Set(caps.map(({ window }) => window)).size === caps.length, {
    error: 'expected one cap for each window',
  })

/** What may be committed in a window: in wei, in USD, in operations. */
export type WindowCapDocument = z.infer<typeof windowCap>

/** One cap, or a list with one for each window. A union of both would not say what is wrong. */
const capOrCaps = z
  .custom<WindowCapDocument | WindowCapDocument[]>()
  .superRefine((value, context) => {
    const { error } = (Array.isArray(value) ? windowCaps : windowCap).safeParse(value)
    for (const { path, message } of error?.issues ?? [])
      context.addIssue({ code: 'custom', path, message })
  })

/** `caps` of a policy document. */
export const capsSchema = z.strictObject({
  /** The budget: what all operations together may cost. */
  global: capOrCaps,
  /** What one sender's operations may cost and how many they may be. */
  user: capOrCaps.optional(),
  /** Most that one operation may cost, and how many calls it may make. */
  operation: z.strictObject(limits).refine(hasLimit, { error: noLimit }).optional(),
})

type Limits = {
  wei: bigint | undefined
  microUsd: bigint | undefined
  count: number | undefined
}

export type Cap = Limits & { window: CapWindow }

export type Caps = {
  global: readonly Cap[]
  user: readonly Cap[]
  /** `count` is of inner calls. */
  operation: Limits | undefined
}

/** The caps of a checked document. */
export function readCaps({ global, user, operation }: z.infer<typeof capsSchema>): Caps {
  return {
    global: [global].flat().map(readCap),
    user: user ? [user].flat().map(readCap) : [],
    operation: operation && readLimits(operation),
  }
}

/** Whether any cap is in USD, so that reservations need a price. */
export function needsPrice({ global, user, operation }: Caps): boolean {
  return [...global, ...user, ...(operation ? [operation] : [])].some(
    ({ microUsd }) => microUsd !== undefined,
  )
}

function readCap(cap: WindowCapDocument): Cap {
  return { window: cap.window, ...readLimits(cap) }
}

function readLimits(cap: {
  wei?: string | undefined
  usd?: string | undefined
  count?: number | undefined
}): Limits {
  return {
    wei: cap.wei === undefined ? undefined : BigInt(cap.wei),
    microUsd: cap.usd === undefined ? undefined : readMicroUsd(cap.usd),
    count: cap.count,
  }
}

/** Micro-USD of US dollars as decimal text. */
export function readMicroUsd(text: string): bigint {
  const [dollars = '0', decimals = ''] = text.split('.')
  return BigInt(dollars) * 1_000_000n + BigInt(decimals.padEnd(6, '0'))
}

import type { Caps } from './policy.ts'
import type { Refusal } from './refusal.ts'
import { windowBounds } from './window.ts'

/** What was committed in the current window of a cap. */
export type CapUsage = {
  /** Reserved and settled, wei. */
  committed: bigint
  /** Sponsored operations, counted by sender and nonce. */
  operations: number
}

export type CapRequest = {
  /** Upper bound of the operation's cost, wei. */
  amount: bigint
  /** What the reservations grow by, wei: less than `amount` when one is replaced. */
  added: bigint
  /** Whether it counts as another operation. */
  counts: boolean
  /** Unix seconds. */
  now: number
}

/** Rules `operation.cap`, `user.count`, `user.cap` and `global.cap`. */
export function checkCaps(
  caps: Caps,
  { amount, added, counts, now }: CapRequest,
  usage: { global: CapUsage; user: CapUsage },
): Refusal | undefined {
  if (caps.operation && amount > caps.operation.wei) {
    return {
      rule: 'operation.cap',
      message: `operation.cap: the operation may cost ${amount} wei, more than ${caps.operation.wei} wei`,
      remaining: caps.operation.wei,
      resetsAt: null,
    }
  }
  if (caps.user) {
    const { count, wei, window } = caps.user
    const resetsAt = windowBounds(window, now).end
    if (count !== undefined && counts && usage.user.operations >= count) {
      return {
        rule: 'user.count',
        message: `user.count: the sender has had ${usage.user.operations} of ${count} operations (${window})`,
        remaining: 0n,
        resetsAt,
      }
    }
    const { committed } = usage.user
    const refusal =
      wei !== undefined && checkCap({ rule: 'user.cap', wei, committed, resetsAt }, added, counts)
    if (refusal) return refusal
  }
  const { wei, window } = caps.global
  const resetsAt = windowBounds(window, now).end
  const { committed } = usage.global
  return checkCap({ rule: 'global.cap', wei, committed, resetsAt }, added, counts)
}

function checkCap(
  cap: { rule: string; wei: bigint; committed: bigint; resetsAt: number | null },
  added: bigint,
  counts: boolean,
): Refusal | undefined {
  const { rule, wei, committed, resetsAt } = cap
  const remaining = wei > committed ? wei - committed : 0n
  // An empty cap refuses new operations at stub time too, when their gas limits may still be 0.
  const empty = counts && remaining === 0n
  if (added <= remaining && !empty) return undefined
  return {
    rule,
    message: `${rule}: ${added} wei more is asked, ${remaining} of ${wei} wei is left`,
    remaining,
    resetsAt,
  }
}

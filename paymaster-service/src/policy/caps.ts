import type { Cap, Caps } from './capsDocument.ts'
import { needsPrice } from './capsDocument.ts'
import type { PriceNow } from './price.ts'
import { microUsdOf } from './price.ts'
import type { Refusal } from './refusal.ts'
import { windowBounds } from './window.ts'

/** In every unit that a cap may have. */
export type Amount = { wei: bigint; microUsd: bigint; operations: number }

/** A cap, and where it stands in its current window. */
export type CapState = {
  scope: 'global' | 'user'
  cap: Cap
  /** Reserved and settled, and for a sender the operations that expired. */
  committed: Amount
  /** What the reservation adds: less than all of it when it replaces another one. */
  added: Amount
}

export type CapRequest = {
  /** Upper bound of the operation's cost, wei. */
  amount: bigint
  /** Inner calls. */
  calls: number
  price: PriceNow
  /** Unix seconds. */
  now: number
}

/**
 * Rules `operation.cap`, `operation.count`, `usd.stalePrice`, `operation.usd`, and for user and then
 * global `.count`, `.cap`, `.usd`. Without a fresh price nothing is sponsored that a cap in USD is
 * about.
 */
export function checkCaps(
  caps: Caps,
  request: CapRequest,
  states: readonly CapState[],
): Refusal | undefined {
  const refusal = checkOperation(caps, request)
  if (refusal) return refusal
  for (const scope of ['user', 'global'] as const) {
    for (const state of states) {
      const broken = state.scope === scope ? checkState(state, request) : undefined
      if (broken) return broken
    }
  }
  return undefined
}

function checkOperation(caps: Caps, { amount, calls, price }: CapRequest): Refusal | undefined {
  const { wei, count, microUsd } = caps.operation ?? {}
  const over = (rule: string, message: string, remaining: bigint): Refusal => ({
    rule,
    message: `${rule}: ${message}`,
    remaining,
    resetsAt: null,
  })
  if (wei !== undefined && amount > wei)
    return over('operation.cap', `the operation may cost ${amount} wei, more than ${wei} wei`, wei)
  if (count !== undefined && calls > count)
    return over(
      'operation.count',
      `the operation makes ${calls} calls, more than ${count}`,
      BigInt(count),
    )
  if (price.kind === 'stale') {
    if (!needsPrice(caps)) return undefined
    return { rule: 'usd.stalePrice', message: `usd.stalePrice: ${price.reason}` }
  }
  const cost = microUsdOf(amount, price.microUsdPerEther)
  if (microUsd !== undefined && cost > microUsd)
    return over(
      'operation.usd',
      `the operation may cost ${cost} micro-USD, more than ${microUsd}`,
      microUsd,
    )
  return undefined
}

function checkState(
  { scope, cap, committed, added }: CapState,
  { now }: CapRequest,
): Refusal | undefined {
  const { window } = cap
  const resetsAt = windowBounds(window, now).end
  const isNew = added.operations > 0
  if (cap.count !== undefined && isNew && committed.operations + added.operations > cap.count) {
    const who = scope === 'user' ? 'the sender has' : 'the policy has'
    return {
      rule: `${scope}.count`,
      message: `${scope}.count: ${who} had ${committed.operations} of ${cap.count} operations (${window})`,
      remaining: 0n,
      resetsAt,
    }
  }
  const check = (rule: string, unit: string, limit: bigint, taken: bigint, more: bigint) => {
    const remaining = limit > taken ? limit - taken : 0n
    // An empty cap refuses new operations at stub time too, when their gas limits may still be 0.
    if (more <= remaining && !(isNew && remaining === 0n)) return undefined
    return {
      rule,
      message: `${rule}: ${more} ${unit} more is asked, ${remaining} of ${limit} ${unit} is left (${window})`,
      remaining,
      resetsAt,
    }
  }
  return (
    (cap.wei !== undefined && check(`${scope}.cap`, 'wei', cap.wei, committed.wei, added.wei)) ||
    (cap.microUsd !== undefined &&
      check(`${scope}.usd`, 'micro-USD', cap.microUsd, committed.microUsd, added.microUsd)) ||
    undefined
  )
}

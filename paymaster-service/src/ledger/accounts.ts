import type { Amount } from '../policy/caps.ts'
import { microUsdOf } from '../policy/price.ts'

/** One signed (or about to be signed) operation, as the accounts see it. */
export type Entry = {
  /** Accounts of the policy's current windows that the entry counts in. */
  globalBuckets: readonly string[]
  /** Accounts of its sender. */
  userBuckets: readonly string[]
  /** Upper bound of the cost, wei. */
  amount: bigint
  /** Price that the entry was reserved at and settles at, micro-USD per ether. */
  price: bigint | undefined
  /** `released`: another operation took the nonce. `expired`: none did until the signature ended. */
  state: 'reserved' | 'settled' | 'released' | 'expired'
  /** Wei that were charged, when settled. */
  cost: bigint
}

export type Balance = {
  reserved: Amount
  settled: Amount
  /** Operations of a sender that were sponsored and let expire. They count against its caps. */
  expired: number
}

const nothing: Amount = { wei: 0n, microUsd: 0n, operations: 0 }
export const emptyBalance: Balance = { reserved: nothing, settled: nothing, expired: 0 }

/**
 * What the entries of one (sender, nonce) commit in each bucket. At most one of them can be charged,
 * so of those that are still reserved only the largest counts, and they are one operation.
 */
export function commitments(entries: readonly Entry[]): Map<string, Balance> {
  const balances = new Map<string, Balance>()
  const users = new Set(entries.flatMap(({ userBuckets }) => userBuckets))
  const buckets = new Set([...entries.flatMap(({ globalBuckets }) => globalBuckets), ...users])
  for (const bucket of buckets) {
    const inBucket = entries.filter(
      ({ globalBuckets, userBuckets }) =>
        globalBuckets.includes(bucket) || userBuckets.includes(bucket),
    )
    balances.set(bucket, balanceOf(inBucket, users.has(bucket)))
  }
  return balances
}

function balanceOf(entries: readonly Entry[], isUser: boolean): Balance {
  let reserved = nothing
  let settled = nothing
  for (const { state, amount, cost, price } of entries) {
    if (state === 'reserved') reserved = largest(reserved, inEveryUnit(amount, price))
    if (state === 'settled') settled = add(settled, inEveryUnit(cost, price))
  }
  if (settled.operations > 0) reserved = { ...reserved, operations: 0 }
  const lives = settled.operations + reserved.operations > 0
  const expired = isUser && !lives && entries.some(({ state }) => state === 'expired')
  return { reserved, settled, expired: expired ? 1 : 0 }
}

function inEveryUnit(wei: bigint, price: bigint | undefined): Amount {
  return { wei, microUsd: price === undefined ? 0n : microUsdOf(wei, price), operations: 1 }
}

/** Largest in each unit: at different prices these may be two operations. */
function largest(a: Amount, b: Amount): Amount {
  const { wei } = a.wei > b.wei ? a : b
  const { microUsd } = a.microUsd > b.microUsd ? a : b
  return { wei, microUsd, operations: 1 }
}

/** How each bucket moves when the entries of one (sender, nonce) change from `before` to `after`. */
export function movements(before: readonly Entry[], after: readonly Entry[]): Map<string, Balance> {
  const moved = commitments(after)
  for (const [bucket, balance] of commitments(before))
    moved.set(bucket, subtractBalance(moved.get(bucket) ?? emptyBalance, balance))
  return moved
}

/** Everything that is taken out of a cap: what is free is the rest. */
export function committed({ reserved, settled, expired }: Balance): Amount {
  const { wei, microUsd, operations } = add(reserved, settled)
  return { wei, microUsd, operations: operations + expired }
}

export function addBalance(a: Balance, b: Balance): Balance {
  return {
    reserved: add(a.reserved, b.reserved),
    settled: add(a.settled, b.settled),
    expired: a.expired + b.expired,
  }
}

export function isZero({ reserved, settled, expired }: Balance): boolean {
  return [reserved, settled].every(isNothing) && expired === 0
}

function isNothing({ wei, microUsd, operations }: Amount): boolean {
  return wei === 0n && microUsd === 0n && operations === 0
}

function subtractBalance(a: Balance, b: Balance): Balance {
  return {
    reserved: subtract(a.reserved, b.reserved),
    settled: subtract(a.settled, b.settled),
    expired: a.expired - b.expired,
  }
}

function add(a: Amount, b: Amount): Amount {
  return {
    wei: a.wei + b.wei,
    microUsd: a.microUsd + b.microUsd,
    operations: a.operations + b.operations,
  }
}

export function subtract(a: Amount, b: Amount): Amount {
  return {
    wei: a.wei - b.wei,
    microUsd: a.microUsd - b.microUsd,
    operations: a.operations - b.operations,
  }
}

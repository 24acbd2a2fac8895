import type { Amount } from '../../policy/caps.ts'
import { windowBounds } from '../../policy/window.ts'
import type { Balance } from '../accounts.ts'
import { capBuckets } from '../buckets.ts'
import type { Account, CapUsage, PolicyTerms } from '../ledger.ts'
import type { Books } from './books.ts'

const nobody = '0x0000000000000000000000000000000000000000'

/** Where the caps of the whole policy stand. */
export async function usage(books: Books, policy: PolicyTerms, now: number): Promise<CapUsage[]> {
  const usages = []
  for (const { scope, cap, id } of capBuckets(policy, nobody, now)) {
    if (scope !== 'global') continue
    const balance = await books.balance(id)
    usages.push({
      window: cap.window,
      resetsAt: windowBounds(cap.window, now).end,
      wei: cap.wei === undefined ? undefined : accountOf(balance, cap.wei, 'wei'),
      microUsd:
        cap.microUsd === undefined ? undefined : accountOf(balance, cap.microUsd, 'microUsd'),
      count: cap.count === undefined ? undefined : operationsOf(balance, cap.count),
      operations: balance.reserved.operations + balance.settled.operations,
    })
  }
  return usages
}

function accountOf(
  { reserved, settled }: Balance,
  limit: bigint,
  unit: Exclude<keyof Amount, 'operations'>,
): Account<bigint> {
  return {
    limit,
    reserved: reserved[unit],
    settled: settled[unit],
    free: limit - reserved[unit] - settled[unit],
  }
}

function operationsOf({ reserved, settled }: Balance, limit: number): Account<number> {
  return {
    limit,
    reserved: reserved.operations,
    settled: settled.operations,
    free: limit - reserved.operations - settled.operations,
  }
}

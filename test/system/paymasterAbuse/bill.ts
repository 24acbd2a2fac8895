import { entryPoint08Abi } from 'viem/account-abstraction'
import { expect, vi } from 'vitest'
import type { PolicyUsage } from '../paymasterUsage.ts'
import { expectConserved } from '../paymasterUsage.ts'
import type { AbuseStack } from './abuseStack.ts'
import { keyOf } from './abuseStack.ts'

/** An app's accounts, and what the paymasters have at their EntryPoints. Wei. */
export type Books = PolicyUsage & { deposits: bigint }

/** Reads both at once. */
export async function books(
  stack: AbuseStack,
  app: string,
  service: { url: string } = stack.service,
): Promise<Books> {
  const headers = { authorization: `Bearer ${keyOf(app)}` }
  const response = await fetch(`${service.url}/usage`, { headers })
  const [usage] = (await response.json()) as Record<keyof PolicyUsage, string>[]
  if (!usage) throw new RangeError(`${app} has no policy`)
  const deposits = await Promise.all(
    stack.payers.map(({ entryPoint, paymaster }) =>
      stack.client.readContract({
        address: entryPoint,
        abi: entryPoint08Abi,
        functionName: 'balanceOf',
        args: [paymaster],
      }),
    ),
  )
  return {
    budget: BigInt(usage.budget),
    reserved: BigInt(usage.reserved),
    settled: BigInt(usage.settled),
    free: BigInt(usage.free),
    operations: Number(usage.operations),
    deposits: deposits.reduce((sum, each) => sum + each, 0n),
  }
}

/**
 * Runs an abuse, and holds the ledger against the chain: the deposits lost exactly what the app is billed, and that is
 * within its cap, with what is still promised.
 * @returns What it cost, wei.
 */
export async function billOf(
  stack: AbuseStack,
  app: string,
  abuse: () => Promise<void>,
): Promise<bigint> {
  const before = await books(stack, app)
  await abuse()
  return vi.waitFor(
    async () => {
      const after = await books(stack, app)
      expectConserved(after)
      expect(after.settled + after.reserved).toBeLessThanOrEqual(after.budget)
      const cost = before.deposits - after.deposits
      expect(after.settled - before.settled).toBe(cost)
      return cost
    },
    { timeout: 10_000, interval: 50 },
  )
}

import type { UserOperation } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { parseEventLogs } from 'viem'
import { entryPoint08Abi } from 'viem/account-abstraction'
import { expect, vi } from 'vitest'
import type { PaymasterService } from '../../paymaster-service/src/service.ts'
import { receiptOf } from '../fixtures/receiptOf.ts'
import type { Stack } from './paymasterFixture.ts'
import { adapterOf, apiKey } from './paymasterFixture.ts'

export type PolicyUsage = {
  budget: bigint
  reserved: bigint
  settled: bigint
  free: bigint
  operations: number
}

/** What GET /usage says of the key's only policy. */
export async function usageOf({ url }: Pick<PaymasterService, 'url'>): Promise<PolicyUsage> {
  const response = await fetch(`${url}/usage`, { headers: { Authorization: `Bearer ${apiKey}` } })
  const [usage] = (await response.json()) as Record<keyof PolicyUsage, string>[]
  if (!usage) throw new RangeError('the key has no policy')
  return {
    budget: BigInt(usage.budget),
    reserved: BigInt(usage.reserved),
    settled: BigInt(usage.settled),
    free: BigInt(usage.free),
    operations: Number(usage.operations),
  }
}

/** Sends `handleOps` and returns what the EntryPoint says it charged. */
export async function include(
  { client, walletClient }: Pick<Stack, 'client' | 'walletClient'>,
  entryPoint: Address,
  op: UserOperation,
) {
  const hash = await walletClient.sendTransaction({
    to: entryPoint,
    data: adapterOf(entryPoint).encodeHandleOps([op], walletClient.account.address),
  })
  const receipt = await receiptOf(client, hash)
  const [event] = parseEventLogs({
    abi: entryPoint08Abi,
    eventName: 'UserOperationEvent',
    logs: receipt.logs,
  })
  if (!event) throw new Error('the operation was not included')
  return event.args
}

export async function usageWhen(
  service: Pick<PaymasterService, 'url'>,
  condition: (usage: PolicyUsage) => boolean,
) {
  return vi.waitFor(
    async () => {
      const usage = await usageOf(service)
      if (!condition(usage)) throw new Error(`usage is ${Object.entries(usage).join(' ')}`)
      return usage
    },
    { timeout: 5_000, interval: 20 },
  )
}

/** budget = free + reserved + settled */
export function expectConserved({ budget, free, reserved, settled }: PolicyUsage) {
  expect(free + reserved + settled).toBe(budget)
}

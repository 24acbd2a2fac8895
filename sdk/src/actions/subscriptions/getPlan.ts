import { type Address, isAddressEqual, zeroAddress } from 'viem'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type Plan = {
  planId: bigint
  provider: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Records use besides the provider; zero for nobody. */
  meter: Address
  /** Of one period, in the smallest unit of the token. */
  price: bigint
  /** Units in a period. */
  quota: bigint
  /** Seconds. */
  period: number
  /** Takes subscriptions and renewals. */
  open: boolean
}

/**
 * A subscription plan; `undefined` when there is none of that id.
 * @example
 * const plan = await getPlan(client, { planId: 1n })
 */
export async function getPlan(
  client: ReadClient,
  { planId }: { planId: bigint },
): Promise<Plan | undefined> {
  const plan = await readView(client, client.contracts.subscriptions, subscriptions.getPlan, [
    planId,
  ])
  return isAddressEqual(plan.provider, zeroAddress) ? undefined : { planId, ...plan }
}

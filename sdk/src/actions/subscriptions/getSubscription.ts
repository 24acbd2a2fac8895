import type { Address } from 'viem'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type GetSubscriptionParameters = {
  planId: bigint
  /** The client's own account by default. */
  subscriber?: Address | undefined
}

export type Subscription = {
  /** Unix seconds at which the first period began. */
  startedAt: number
  /** Paid for, from `startedAt`. */
  periods: number
  /** Of these, credited to the provider. */
  credited: number
  /** Unix seconds; 0 for who never subscribed. */
  paidUntil: bigint
  /** Units that are left in the running period; 0 when none runs. */
  remainingQuota: bigint
  autoRenew: boolean
}

/**
 * An account's subscription to a plan.
 * @example
 * const { paidUntil, remainingQuota } = await getSubscription(client, { planId })
 */
export async function getSubscription(
  client: AccountReadClient,
  { planId, subscriber = client.account.address }: GetSubscriptionParameters,
): Promise<Subscription> {
  const [address, args] = [client.contracts.subscriptions, [planId, subscriber] as const]
  const [held, paidUntil, remainingQuota] = await Promise.all([
    readView(client, address, subscriptions.getSubscription, args),
    readView(client, address, subscriptions.paidUntil, args),
    readView(client, address, subscriptions.remainingQuota, args),
  ])
  const { startedAt, periods, credited, autoRenew } = held
  return { startedAt, periods, credited, paidUntil, remainingQuota, autoRenew }
}

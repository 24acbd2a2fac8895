import { type Address, isAddressEqual } from 'viem'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { encodeCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parseSubscribed, pullPeriods, type SubscribeEvent } from './subscribed.ts'

export type RenewSubscriptionParameters = {
  planId: bigint
  /** The account itself by default; as the plan's provider, a subscriber that has approved it. */
  subscriber?: Address | undefined
}

/**
 * Starts one period now for a subscription that ended less than a period ago and renews itself. A subscriber approves
 * the price in the same operation.
 * @throws {InsufficientBalanceError} When the subscribing account holds less than the price.
 * @example
 * await renewSubscription(client, { planId })
 */
export const renewSubscription = defineWrite<RenewSubscriptionParameters, SubscribeEvent>({
  contract: 'subscriptions',
  eventName: 'Subscribed',
  async prepare(client, { planId, subscriber = client.account.address }) {
    const toCall = (address: Address) =>
      encodeCall(address, subscriptions.renew, [planId, subscriber])
    return isAddressEqual(subscriber, client.account.address)
      ? pullPeriods(client, { planId, periods: 1 }, toCall)
      : { calls: [toCall(client.contracts.subscriptions)] }
  },
  parse: parseSubscribed,
})

/** {@link renewSubscription} that waits until it is on chain. */
export const renewSubscriptionSync = toSync(renewSubscription)

import type { Address } from 'viem'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type CancelSubscriptionParameters = { planId: bigint }
export type CancelSubscriptionEvent = {
  planId: bigint
  subscriber: Address
  /** Periods that have not begun, in the smallest unit of the plan's token, for {@link withdrawSubscriptions}. */
  refund: bigint
  /** Unix seconds at which the running period ends. */
  endsAt: bigint
}

/**
 * Ends the account's subscription with its running period; periods that have not begun are refunded.
 * @example
 * const { refund } = await cancelSubscriptionSync(client, { planId })
 */
export const cancelSubscription = defineWrite<
  CancelSubscriptionParameters,
  CancelSubscriptionEvent
>({
  contract: 'subscriptions',
  eventName: 'Canceled',
  prepare: ({ contracts }, { planId }) =>
    oneCall(contracts.subscriptions, subscriptions.cancel, [planId]),
  parse: (log) => parseEvent(log, subscriptions.Canceled),
})

/** {@link cancelSubscription} that waits until it is on chain. */
export const cancelSubscriptionSync = toSync(cancelSubscription)

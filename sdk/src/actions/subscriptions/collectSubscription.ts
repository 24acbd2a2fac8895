import { type Address, isAddressEqual } from 'viem'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type CollectSubscriptionParameters = { planId: bigint; subscriber: Address }
export type CollectSubscriptionEvent = {
  planId: bigint
  subscriber: Address
  /** Smallest unit of the plan's token, credited to the provider. */
  amount: bigint
}

/**
 * Credits a plan's provider with the periods that have begun. Anyone.
 * @throws {EventNotFoundError} By the form that waits, when all of them were credited before.
 * @example
 * await collectSubscription(client, { planId, subscriber })
 */
export const collectSubscription = defineWrite<
  CollectSubscriptionParameters,
  CollectSubscriptionEvent
>({
  contract: 'subscriptions',
  eventName: 'Collected',
  prepare: ({ contracts }, { planId, subscriber }) =>
    oneCall(contracts.subscriptions, subscriptions.collect, [planId, subscriber]),
  parse: (log) => parseEvent(log, subscriptions.Collected),
  belongs: ({ planId, subscriber }, parameters) =>
    planId === parameters.planId && isAddressEqual(subscriber, parameters.subscriber),
})

/** {@link collectSubscription} that waits until it is on chain. */
export const collectSubscriptionSync = toSync(collectSubscription)

import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { encodeCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parseSubscribed, pullPeriods, type SubscribeEvent } from './subscribed.ts'

export type ExtendSubscriptionParameters = {
  planId: bigint
  /** At most 36 may lie ahead; 1 by default. */
  periods?: number | undefined
}

/**
 * Approves and pays for further periods of a running subscription: one operation.
 * @throws {InsufficientBalanceError} When the account holds less than their price.
 * @example
 * await extendSubscription(client, { planId, periods: 1 })
 */
export const extendSubscription = defineWrite<ExtendSubscriptionParameters, SubscribeEvent>({
  contract: 'subscriptions',
  eventName: 'Subscribed',
  prepare: (client, { planId, periods = 1 }) =>
    pullPeriods(client, { planId, periods }, (address) =>
      encodeCall(address, subscriptions.extend, [planId, periods]),
    ),
  parse: parseSubscribed,
})

/** {@link extendSubscription} that waits until it is on chain. */
export const extendSubscriptionSync = toSync(extendSubscription)

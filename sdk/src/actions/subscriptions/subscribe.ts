import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { encodeCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parseSubscribed, pullPeriods, type SubscribeEvent } from './subscribed.ts'

export type SubscribeParameters = {
  planId: bigint
  /** 1 to 36; 1 by default. */
  periods?: number | undefined
}

/**
 * Approves and pays for periods of a plan from now on: one operation.
 * @throws {InsufficientBalanceError} When the account holds less than their price.
 * @example
 * const { paidUntil } = await subscribeSync(client, { planId, periods: 3 })
 */
export const subscribe = defineWrite<SubscribeParameters, SubscribeEvent>({
  contract: 'subscriptions',
  eventName: 'Subscribed',
  prepare: (client, { planId, periods = 1 }) =>
    pullPeriods(client, { planId, periods }, (address) =>
      encodeCall(address, subscriptions.subscribe, [planId, periods]),
    ),
  parse: parseSubscribed,
})

/** {@link subscribe} that waits until it is on chain. */
export const subscribeSync = toSync(subscribe)

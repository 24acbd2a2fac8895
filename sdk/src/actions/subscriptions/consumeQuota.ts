import { type Address, isAddressEqual } from 'viem'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type ConsumeQuotaParameters = {
  planId: bigint
  subscriber: Address
  units: bigint
}
export type ConsumeQuotaEvent = {
  planId: bigint
  subscriber: Address
  units: bigint
  /** Units that are left in the running period. */
  remaining: bigint
}

/**
 * Takes units from the quota of a subscriber's running period. The plan's provider or its meter.
 * @example
 * const { remaining } = await consumeQuotaSync(client, { planId, subscriber, units: 1200n })
 */
export const consumeQuota = defineWrite<ConsumeQuotaParameters, ConsumeQuotaEvent>({
  contract: 'subscriptions',
  eventName: 'Consumed',
  prepare: ({ contracts }, { planId, subscriber, units }) =>
    oneCall(contracts.subscriptions, subscriptions.consume, [planId, subscriber, units]),
  parse: (log) => parseEvent(log, subscriptions.Consumed),
  belongs: ({ planId, subscriber }, parameters) =>
    planId === parameters.planId && isAddressEqual(subscriber, parameters.subscriber),
})

/** {@link consumeQuota} that waits until it is on chain. */
export const consumeQuotaSync = toSync(consumeQuota)

import { type Address, isAddressEqual } from 'viem'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetMeterParameters = {
  planId: bigint
  /** Zero for nobody but the provider. */
  meter: Address
}
export type SetMeterEvent = { planId: bigint; meter: Address }

/**
 * Names who records use of a plan besides its provider. The provider only.
 * @example
 * await setMeter(client, { planId, meter })
 */
export const setMeter = defineWrite<SetMeterParameters, SetMeterEvent>({
  contract: 'subscriptions',
  eventName: 'MeterSet',
  prepare: ({ contracts }, { planId, meter }) =>
    oneCall(contracts.subscriptions, subscriptions.setMeter, [planId, meter]),
  parse: (log) => parseEvent(log, subscriptions.MeterSet),
  // A new plan names its meter too.
  belongs: ({ planId, meter }, parameters) =>
    planId === parameters.planId && isAddressEqual(meter, parameters.meter),
})

/** {@link setMeter} that waits until it is on chain. */
export const setMeterSync = toSync(setMeter)

import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type ClosePlanParameters = { planId: bigint }
export type ClosePlanEvent = { planId: bigint }

/**
 * Takes no more subscriptions and renewals of a plan; what is paid for runs on. Its provider only.
 * @example
 * await closePlan(client, { planId })
 */
export const closePlan = defineWrite<ClosePlanParameters, ClosePlanEvent>({
  contract: 'subscriptions',
  eventName: 'PlanClosed',
  prepare: ({ contracts }, { planId }) =>
    oneCall(contracts.subscriptions, subscriptions.closePlan, [planId]),
  parse: (log) => parseEvent(log, subscriptions.PlanClosed),
})

/** {@link closePlan} that waits until it is on chain. */
export const closePlanSync = toSync(closePlan)

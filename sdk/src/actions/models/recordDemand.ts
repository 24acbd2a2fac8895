import type { Hex } from 'viem'
import * as pricing from '../../contracts/generated/dynamicPricing.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type RecordDemandParameters = { sessionId: bigint }
export type RecordDemandEvent = {
  sessionId: bigint
  modelId: Hex
  /** What is left now of the inference tokens that the session proved. */
  tokens: bigint
  /** Load of the model afterwards. */
  load: bigint
}

/**
 * Adds a settled session to the demand for its model. Anyone, once for each session.
 * @example
 * await recordDemand(client, { sessionId })
 */
export const recordDemand = defineWrite<RecordDemandParameters, RecordDemandEvent>({
  contract: 'dynamicPricing',
  eventName: 'DemandRecorded',
  prepare: ({ contracts }, { sessionId }) =>
    oneCall(contracts.dynamicPricing, pricing.recordSettled, [sessionId]),
  parse(log) {
    const args = parseEvent(log, pricing.DemandRecorded)
    if (!args) return undefined
    const { jobId, ...event } = args
    return { sessionId: jobId, ...event }
  },
})

/** {@link recordDemand} that waits until it is on chain. */
export const recordDemandSync = toSync(recordDemand)

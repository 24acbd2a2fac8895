import type { Hex } from 'viem'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type RecordModelUseParameters = { sessionId: bigint }
export type RecordModelUseEvent = {
  sessionId: bigint
  modelId: Hex
  /** Inference tokens that the session proved. */
  tokens: bigint
}

/**
 * Counts a settled session for the model that it named. Anyone, once for each session.
 * @example
 * await recordModelUse(client, { sessionId })
 */
export const recordModelUse = defineWrite<RecordModelUseParameters, RecordModelUseEvent>({
  contract: 'modelRegistry',
  eventName: 'UseRecorded',
  prepare: ({ contracts }, { sessionId }) =>
    oneCall(contracts.modelRegistry, modelRegistry.recordSettled, [sessionId]),
  parse(log) {
    const args = parseEvent(log, modelRegistry.UseRecorded)
    return args && { sessionId: args.jobId, modelId: args.modelId, tokens: args.tokens }
  },
})

/** {@link recordModelUse} that waits until it is on chain. */
export const recordModelUseSync = toSync(recordModelUse)

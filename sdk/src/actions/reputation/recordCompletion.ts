import type { Address } from 'viem'
import * as reputation from '../../contracts/generated/reputationSystem.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

/** What a completed job brought its host. Only the first brings points. */
export type CompletionOutcome = (typeof outcomes)[number]

const outcomes = ['gained', 'notArmsLength', 'feeTooSmall', 'pairTooSoon', 'dailyLimit'] as const

export type RecordCompletionParameters = {
  /** A released job or a settled session. */
  jobId: bigint
}
export type RecordCompletionEvent = {
  jobId: bigint
  host: Address
  outcome: CompletionOutcome
  /** Of the host, afterwards. */
  score: bigint
}

/**
 * Books a completed job or session for the score of its host. Anyone, once for each job.
 * @example
 * const { outcome, score } = await recordCompletionSync(client, { jobId: sessionId })
 */
export const recordCompletion = defineWrite<RecordCompletionParameters, RecordCompletionEvent>({
  contract: 'reputation',
  eventName: 'JobCompletionRecorded',
  prepare: ({ contracts }, { jobId }) =>
    oneCall(contracts.reputation, reputation.recordSettled, [jobId]),
  parse(log) {
    const args = parseEvent(log, reputation.JobCompletionRecorded)
    return args && { ...args, outcome: outcomes[args.outcome] as CompletionOutcome }
  },
})

/** {@link recordCompletion} that waits until it is on chain. */
export const recordCompletionSync = toSync(recordCompletion)

import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWriteMany, toSync } from '../write.ts'
import { encodeWork, parseWork, type SessionWork, type SubmitWorkEvent } from './sessionWork.ts'

export type SubmitWorkManyParameters = { work: readonly SessionWork[] }
export type SubmitWorkManyEvent = { work: SubmitWorkEvent[] }

/**
 * {@link submitWork} for several batches, each in turn: all of them, or none.
 * @example
 * await submitWorkMany(client, { work: [{ sessionId: 1n, tokens: 500n }, { sessionId: 2n, tokens: 800n }] })
 */
export const submitWorkMany = defineWriteMany<
  SubmitWorkManyParameters,
  SubmitWorkEvent,
  SubmitWorkManyEvent
>({
  contract: 'marketplace',
  eventName: 'SessionWorkAttested',
  prepare: ({ contracts }, { work }) =>
    oneCall(contracts.marketplace, marketplace.submitBatchProofs, [
      work.map(({ sessionId }) => sessionId),
      work.map(encodeWork),
      work.map(({ tokens }) => tokens),
    ]),
  parse: parseWork,
  belongs: (event, { work }) => work.some(({ sessionId }) => sessionId === event.sessionId),
  gather: (work) => ({ work }),
})

/** {@link submitWorkMany} that waits until it is on chain. */
export const submitWorkManySync = toSync(submitWorkMany)

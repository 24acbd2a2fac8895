import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { encodeWork, parseWork, type SessionWork, type SubmitWorkEvent } from './sessionWork.ts'

/**
 * Records a batch of work of the account's session, by a proof or by its own word. The session's host only.
 * @example
 * const { maturesAt } = await submitWorkSync(client, { sessionId, tokens: 500n })
 */
export const submitWork = defineWrite<SessionWork, SubmitWorkEvent>({
  contract: 'marketplace',
  eventName: 'SessionWorkAttested',
  prepare: ({ contracts }, work) =>
    oneCall(contracts.marketplace, marketplace.submitProofOfWork, [
      work.sessionId,
      encodeWork(work),
      work.tokens,
    ]),
  parse: parseWork,
})

/** {@link submitWork} that waits until it is on chain. */
export const submitWorkSync = toSync(submitWork)

import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parseSessionSettled, type SessionSettledEvent } from './sessionSettled.ts'
import { encodeWork, type SessionProof } from './sessionWork.ts'

export type SettleWithProofParameters = {
  sessionId: bigint
  /** Inference tokens of the last batch. */
  tokens: bigint
  proof: SessionProof
}

/**
 * Takes a last proof and settles a verified session in one call. The session's host only.
 * @example
 * await settleWithProof(client, { sessionId, tokens: 240n, proof })
 */
export const settleWithProof = defineWrite<SettleWithProofParameters, SessionSettledEvent>({
  contract: 'marketplace',
  eventName: 'SessionSettled',
  prepare: ({ contracts }, work) =>
    oneCall(contracts.marketplace, marketplace.claimWithProof, [
      work.sessionId,
      encodeWork(work),
      work.tokens,
    ]),
  parse: parseSessionSettled,
})

/** {@link settleWithProof} that waits until it is on chain. */
export const settleWithProofSync = toSync(settleWithProof)

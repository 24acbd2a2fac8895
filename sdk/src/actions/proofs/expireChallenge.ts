import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { type ChallengeClosedEvent, parseChallengeClosed } from './challengeClosed.ts'

export type ExpireChallengeParameters = { challengeId: bigint }

/**
 * Closes a challenge whose time is over: without evidence the bond goes to the host, without a decision back to the
 * challenger. Anyone.
 * @example
 * await expireChallenge(client, { challengeId })
 */
export const expireChallenge = defineWrite<ExpireChallengeParameters, ChallengeClosedEvent>({
  contract: 'proofSystem',
  eventName: 'ChallengeClosed',
  prepare: ({ contracts }, { challengeId }) =>
    oneCall(contracts.proofSystem, proofSystem.expireChallenge, [challengeId]),
  parse: parseChallengeClosed,
})

/** {@link expireChallenge} that waits until it is on chain. */
export const expireChallengeSync = toSync(expireChallenge)

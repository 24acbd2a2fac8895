import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { type ChallengeClosedEvent, parseChallengeClosed } from './challengeClosed.ts'

export type ResolveChallengeParameters = { challengeId: bigint; upheld: boolean }

/**
 * Decides a revealed challenge. A resolver that is no party of it, in time.
 * @example
 * const { bondTo, slashed } = await resolveChallengeSync(client, { challengeId, upheld: true })
 */
export const resolveChallenge = defineWrite<ResolveChallengeParameters, ChallengeClosedEvent>({
  contract: 'proofSystem',
  eventName: 'ChallengeClosed',
  prepare: ({ contracts }, { challengeId, upheld }) =>
    oneCall(contracts.proofSystem, proofSystem.resolveChallenge, [challengeId, upheld]),
  parse: parseChallengeClosed,
})

/** {@link resolveChallenge} that waits until it is on chain. */
export const resolveChallengeSync = toSync(resolveChallenge)

import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { withPull } from '../pull.ts'
import { readView } from '../readView.ts'
import { defineWrite, toSync } from '../write.ts'

export type ChallengeWorkParameters = { sessionId: bigint }
export type ChallengeWorkEvent = {
  sessionId: bigint
  cumulativeTokens: bigint
  /** Smallest unit of the session's token. */
  bond: bigint
  /** Unix seconds until which the arbiter may decide; then the work counts. */
  decideBy: bigint
}

/** 1 % of the value, as the contract computes it. */
const bondDivisor = 100n

/**
 * Disputes the attested work of a session before the arbiter. The bond is 1 % of its value: taken from what the
 * marketplace owes the account when that is enough, else approved or sent in the same operation. The renter only.
 * @throws {InsufficientBalanceError} When neither is enough for the bond.
 * @example
 * const { bond, decideBy } = await challengeWorkSync(client, { sessionId })
 */
export const challengeWork = defineWrite<ChallengeWorkParameters, ChallengeWorkEvent>({
  contract: 'marketplace',
  eventName: 'SessionWorkChallenged',
  async prepare(client, { sessionId }) {
    const { marketplace: address } = client.contracts
    const [{ token }, { value }] = await Promise.all([
      readView(client, address, marketplace.getSessionDetails, [sessionId]),
      readView(client, address, marketplace.attestedWork, [sessionId]),
    ])
    const owed = await readView(client, address, marketplace.withdrawable, [
      client.account.address,
      token,
    ])
    const bond = value / bondDivisor
    const call = encodeCall(address, marketplace.challengeAttestedWork, [sessionId])
    return owed >= bond ? { calls: [call] } : withPull(call, token, bond)
  },
  parse(log) {
    const args = parseEvent(log, marketplace.SessionWorkChallenged)
    if (!args) return undefined
    const { jobId, ...event } = args
    return { sessionId: jobId, ...event }
  },
})

/** {@link challengeWork} that waits until it is on chain. */
export const challengeWorkSync = toSync(challengeWork)

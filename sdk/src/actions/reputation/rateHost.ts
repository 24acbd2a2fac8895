import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import * as reputation from '../../contracts/generated/reputationSystem.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { readView } from '../readView.ts'
import { defineWrite, toSync } from '../write.ts'

export type RateHostParameters = {
  /** A released job or a settled session of the account. */
  jobId: bigint
  /** 1 to 5. */
  rating: number
  /** At most 280 bytes; empty by default. */
  feedback?: string | undefined
}
export type RateHostEvent = {
  jobId: bigint
  host: Address
  renter: Address
  rating: bigint
  /** Whether it is part of the average. */
  counted: boolean
  /** Of the host, afterwards. */
  score: bigint
  feedback: string
}

/**
 * Rates the host of a completed job or session. Its renter only, once.
 * @example
 * await rateHost(client, { jobId: sessionId, rating: 5, feedback: 'fast' })
 */
export const rateHost = defineWrite<RateHostParameters, RateHostEvent>({
  contract: 'reputation',
  eventName: 'HostRated',
  async prepare(client, { jobId, rating, feedback = '' }) {
    const { marketplace: address, reputation: target } = client.contracts
    const { host } = await readView(client, address, marketplace.jobFacts, [jobId])
    return oneCall(target, reputation.rateHost, [host, jobId, BigInt(rating), feedback])
  },
  parse: (log) => parseEvent(log, reputation.HostRated),
})

/** {@link rateHost} that waits until it is on chain. */
export const rateHostSync = toSync(rateHost)

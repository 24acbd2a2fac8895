import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type AbandonClaimParameters = { jobId: bigint }
export type AbandonClaimEvent = {
  jobId: bigint
  host: Address
  /** FAB in wei of the host's stake that the renter gets. */
  forfeitedBond: bigint
}

/**
 * Gives a claimed job back before its deadline, at the cost of the claim bond. The job's host only.
 * @example
 * await abandonClaim(client, { jobId })
 */
export const abandonClaim = defineWrite<AbandonClaimParameters, AbandonClaimEvent>({
  contract: 'marketplace',
  eventName: 'JobAbandoned',
  prepare: ({ contracts }, { jobId }) =>
    oneCall(contracts.marketplace, marketplace.abandonClaim, [jobId]),
  parse: (log) => parseEvent(log, marketplace.JobAbandoned),
})

/** {@link abandonClaim} that waits until it is on chain. */
export const abandonClaimSync = toSync(abandonClaim)

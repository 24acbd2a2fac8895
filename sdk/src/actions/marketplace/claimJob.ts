import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type ClaimJobParameters = { jobId: bigint }
export type ClaimJobEvent = { jobId: bigint; host: Address }

/**
 * Takes a posted job for the account, which must be an active host. A session key claims through the account's
 * `claimJobViaSessionKey`.
 * @example
 * await claimJob(client, { jobId })
 */
export const claimJob = defineWrite<ClaimJobParameters, ClaimJobEvent>({
  contract: 'marketplace',
  eventName: 'JobClaimed',
  prepare: ({ contracts }, { jobId }) =>
    oneCall(contracts.marketplace, marketplace.claimJob, [jobId]),
  parse(log) {
    const args = parseEvent(log, marketplace.JobClaimed)
    return args && { jobId: args.jobId, host: args.host }
  },
})

/** {@link claimJob} that waits until the job is claimed. */
export const claimJobSync = toSync(claimJob)

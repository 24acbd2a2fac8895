import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Address, encodeFunctionData } from 'viem'
import { decodeEvent } from '../decodeEvent.ts'
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
  eventName: 'JobClaimed',
  prepare: ({ contracts }, { jobId }) => ({
    calls: [
      {
        to: contracts.marketplace,
        data: encodeFunctionData({
          abi: jobMarketplaceAbi,
          functionName: 'claimJob',
          args: [jobId],
        }),
      },
    ],
  }),
  parse(log) {
    const args = decodeEvent(log, jobMarketplaceAbi, 'JobClaimed')
    return args && { jobId: args.jobId, host: args.host }
  },
})

/** {@link claimJob} that waits until the job is claimed. */
export const claimJobSync = toSync(claimJob)

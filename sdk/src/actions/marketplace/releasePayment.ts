import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Address, encodeFunctionData } from 'viem'
import { decodeEvent } from '../decodeEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type ReleasePaymentParameters = { jobId: bigint }

/** Amounts in the smallest unit of the job's token. */
export type ReleasePaymentEvent = {
  jobId: bigint
  host: Address
  hostAmount: bigint
  protocol: bigint
  stakers: bigint
}

/**
 * Credits the host of a submitted job before its review window ends. The renter only.
 * @example
 * await releasePayment(client, { jobId })
 */
export const releasePayment = defineWrite<ReleasePaymentParameters, ReleasePaymentEvent>({
  eventName: 'PaymentReleased',
  prepare: ({ contracts }, { jobId }) => ({
    calls: [
      {
        to: contracts.marketplace,
        data: encodeFunctionData({
          abi: jobMarketplaceAbi,
          functionName: 'releasePayment',
          args: [jobId],
        }),
      },
    ],
  }),
  parse: (log) => decodeEvent(log, jobMarketplaceAbi, 'PaymentReleased'),
})

/** {@link releasePayment} that waits until it is on chain. */
export const releasePaymentSync = toSync(releasePayment)

import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parsePaymentReleased, type ReleasePaymentEvent } from './paymentReleased.ts'

export type ReleasePaymentParameters = { jobId: bigint }

/**
 * Credits the host of a submitted job before its review window ends. The renter only.
 * @example
 * await releasePayment(client, { jobId })
 */
export const releasePayment = defineWrite<ReleasePaymentParameters, ReleasePaymentEvent>({
  contract: 'marketplace',
  eventName: 'PaymentReleased',
  prepare: ({ contracts }, { jobId }) =>
    oneCall(contracts.marketplace, marketplace.releasePayment, [jobId]),
  parse: parsePaymentReleased,
})

/** {@link releasePayment} that waits until it is on chain. */
export const releasePaymentSync = toSync(releasePayment)

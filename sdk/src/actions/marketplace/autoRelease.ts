import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parsePaymentReleased, type ReleasePaymentEvent } from './paymentReleased.ts'

export type AutoReleaseParameters = { jobId: bigint }

/**
 * Credits the host of a submitted job after its review window. Anyone.
 * @example
 * await autoRelease(client, { jobId })
 */
export const autoRelease = defineWrite<AutoReleaseParameters, ReleasePaymentEvent>({
  contract: 'marketplace',
  eventName: 'PaymentReleased',
  prepare: ({ contracts }, { jobId }) =>
    oneCall(contracts.marketplace, marketplace.autoRelease, [jobId]),
  parse: parsePaymentReleased,
})

/** {@link autoRelease} that waits until it is on chain. */
export const autoReleaseSync = toSync(autoRelease)

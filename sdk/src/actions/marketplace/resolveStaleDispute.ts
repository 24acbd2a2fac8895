import { numberToHex } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { type DisputeResolvedEvent, parseDisputeResolved } from './disputeResolved.ts'

export type ResolveStaleDisputeParameters = { jobId: bigint }

/**
 * Ends a dispute that the arbiter left undecided: for the host if it proved its result, else half and half. Anyone.
 * @example
 * await resolveStaleDispute(client, { jobId })
 */
export const resolveStaleDispute = defineWrite<ResolveStaleDisputeParameters, DisputeResolvedEvent>(
  {
    contract: 'marketplace',
    eventName: 'EscrowResolved',
    prepare: ({ contracts }, { jobId }) =>
      oneCall(contracts.marketplace, marketplace.resolveStale, [numberToHex(jobId, { size: 32 })]),
    parse: parseDisputeResolved,
  },
)

/** {@link resolveStaleDispute} that waits until it is on chain. */
export const resolveStaleDisputeSync = toSync(resolveStaleDispute)

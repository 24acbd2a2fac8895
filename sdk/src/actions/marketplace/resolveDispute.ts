import { type Address, numberToHex } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { type DisputeResolvedEvent, parseDisputeResolved } from './disputeResolved.ts'

export type ResolveDisputeParameters = {
  jobId: bigint
  /** Host or renter of the job. */
  winner: Address
}

/**
 * Decides a dispute. The arbiter only, in time, and not in a case of its own.
 * @example
 * await resolveDispute(client, { jobId, winner: renter })
 */
export const resolveDispute = defineWrite<ResolveDisputeParameters, DisputeResolvedEvent>({
  contract: 'marketplace',
  eventName: 'EscrowResolved',
  prepare: ({ contracts }, { jobId, winner }) =>
    oneCall(contracts.marketplace, marketplace.resolveDispute, [
      numberToHex(jobId, { size: 32 }),
      winner,
    ]),
  parse: parseDisputeResolved,
})

/** {@link resolveDispute} that waits until it is on chain. */
export const resolveDisputeSync = toSync(resolveDispute)

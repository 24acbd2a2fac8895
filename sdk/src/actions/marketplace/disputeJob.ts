import { type Address, hexToBigInt } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { withPull } from '../pull.ts'
import { readView } from '../readView.ts'
import { defineWrite, toSync } from '../write.ts'

export type DisputeJobParameters = { jobId: bigint }
export type DisputeJobEvent = {
  jobId: bigint
  by: Address
  /** Smallest unit of the job's token. */
  bond: bigint
  /** Unix seconds until which the arbiter may decide. */
  resolveBy: bigint
}

/**
 * Approves the bond and disputes the result of a submitted job within its review window: one operation. The renter
 * only.
 * @throws {InsufficientBalanceError} When the account holds less than the bond.
 * @example
 * const { bond, resolveBy } = await disputeJobSync(client, { jobId })
 */
export const disputeJob = defineWrite<DisputeJobParameters, DisputeJobEvent>({
  contract: 'marketplace',
  eventName: 'EscrowDisputed',
  async prepare(client, { jobId }) {
    const { marketplace: address } = client.contracts
    const [{ token }, bond] = await Promise.all([
      readView(client, address, marketplace.getJob, [jobId]),
      readView(client, address, marketplace.disputeBond, [jobId]),
    ])
    return withPull(encodeCall(address, marketplace.disputeResult, [jobId]), token, bond)
  },
  parse(log) {
    const args = parseEvent(log, marketplace.EscrowDisputed)
    if (!args) return undefined
    const { escrowId, ...event } = args
    return { jobId: hexToBigInt(escrowId), ...event }
  },
})

/** {@link disputeJob} that waits until it is on chain. */
export const disputeJobSync = toSync(disputeJob)

import { type Address, numberToHex } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

const statuses = ['none', 'active', 'disputed', 'released', 'refunded', 'split'] as const

export type EscrowStatus = (typeof statuses)[number]

export type Escrow = {
  jobId: bigint
  /** The renter. */
  depositor: Address
  /** Zero until the job is claimed. */
  host: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token, fees included. */
  amount: bigint
  /** What the renter added to dispute the result, in the smallest unit of the token. */
  bond: bigint
  /** Unix seconds until which the arbiter may decide; 0 without a dispute. */
  resolveBy: bigint
  status: EscrowStatus
}

/**
 * The escrow of a single job, with its dispute.
 * @throws {ContractRevertedError} `EscrowUnknown` when there is no such job.
 * @example
 * const { status, resolveBy } = await getEscrow(client, { jobId })
 */
export async function getEscrow(client: ReadClient, { jobId }: { jobId: bigint }): Promise<Escrow> {
  const { status, ...escrow } = await readView(
    client,
    client.contracts.marketplace,
    marketplace.getEscrow,
    [numberToHex(jobId, { size: 32 })],
  )
  return { ...escrow, status: statuses[status] ?? 'none' }
}

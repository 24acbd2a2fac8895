import { type Address, hexToBigInt, isAddressEqual, type Log, zeroAddress } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { parseEvent } from '../parseEvent.ts'

/** How a dispute ended. Amounts in the smallest unit of the job's token, credited to be withdrawn. */
export type DisputeResolvedEvent = {
  jobId: bigint
  /** `undefined` when nobody decided and both sides got half. */
  winner: Address | undefined
  /** Without fees, and with the bond if it went there. */
  toHost: bigint
  toRenter: bigint
}

/** `EscrowResolved` in a log. */
export function parseDisputeResolved(log: Log): DisputeResolvedEvent | undefined {
  const args = parseEvent(log, marketplace.EscrowResolved)
  if (!args) return undefined
  const { escrowId, winner, toHost, toRenter } = args
  return {
    jobId: hexToBigInt(escrowId),
    winner: isAddressEqual(winner, zeroAddress) ? undefined : winner,
    toHost,
    toRenter,
  }
}

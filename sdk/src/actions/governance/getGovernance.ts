import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import * as timelock from '../../contracts/generated/timelock.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

export type Governance = {
  /** FAB in wei whose votes a proposer needs. */
  proposalThreshold: bigint
  /** FAB in wei that a vote which began now would need. */
  quorum: bigint
  /** Seconds from proposal to vote. */
  votingDelay: bigint
  /** Seconds. */
  votingPeriod: bigint
  /** Seconds in the timelock. */
  timelockDelay: bigint
  /** Seconds after that in which it can be executed. */
  gracePeriod: bigint
  proposals: bigint
}

/**
 * The rules of governance as they are now.
 * @example
 * const { proposalThreshold, timelockDelay } = await getGovernance(client)
 */
export async function getGovernance(client: ReadClient): Promise<Governance> {
  const { governor: address, timelock: timelockAddress } = client.contracts
  const now = await readView(client, address, governor.clock, [])
  const [
    proposalThreshold,
    quorum,
    votingDelay,
    votingPeriod,
    timelockDelay,
    gracePeriod,
    proposals,
  ] = await Promise.all([
    readView(client, address, governor.proposalThreshold, []),
    // The total of the votes is known of the past only.
    readView(client, address, governor.quorum, [BigInt(now) - 1n]),
    readView(client, address, governor.votingDelay, []),
    readView(client, address, governor.votingPeriod, []),
    readView(client, timelockAddress, timelock.getMinDelay, []),
    readView(client, timelockAddress, timelock.GRACE_PERIOD, []),
    readView(client, address, governor.proposalCount, []),
  ])
  return {
    proposalThreshold,
    quorum,
    votingDelay,
    votingPeriod,
    timelockDelay,
    gracePeriod,
    proposals,
  }
}

import type { Address } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'
import { stakingSpareGas } from './stakingTier.ts'

export type LapsePositionParameters = {
  /** The client's own account by default. */
  account?: Address | undefined
  positionId: bigint
}
export type LapsePositionEvent = { account: Address; positionId: bigint }

/**
 * Ends the multipliers of a position whose lock is over, in favour of those who are still locked. Anyone.
 * @example
 * await lapsePosition(client, { account: node, positionId: 0n })
 */
export const lapsePosition = defineWrite<LapsePositionParameters, LapsePositionEvent>({
  contract: 'stakersPool',
  eventName: 'PositionLapsed',
  prepare: ({ contracts, account: own }, { account = own.address, positionId }) =>
    oneCall(contracts.stakersPool, stakersPool.lapse, [account, positionId], stakingSpareGas),
  parse: (log) => parseEvent(log, stakersPool.PositionLapsed),
})

/** {@link lapsePosition} that waits until it is on chain. */
export const lapsePositionSync = toSync(lapsePosition)

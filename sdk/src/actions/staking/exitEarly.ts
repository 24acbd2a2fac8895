import type { Address } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'
import { stakingSpareGas } from './stakingTier.ts'

export type ExitEarlyParameters = { positionId: bigint }
export type ExitEarlyEvent = {
  account: Address
  positionId: bigint
  /** FAB in wei that was paid out. */
  amount: bigint
  /** FAB in wei that became a reward of those who stay. */
  penalty: bigint
}

/**
 * Leaves a locked position at the cost of a tenth of it.
 * @example
 * const { penalty } = await exitEarlySync(client, { positionId: 0n })
 */
export const exitEarly = defineWrite<ExitEarlyParameters, ExitEarlyEvent>({
  contract: 'stakersPool',
  eventName: 'ExitedEarly',
  prepare: ({ contracts }, { positionId }) =>
    oneCall(contracts.stakersPool, stakersPool.exitEarly, [positionId], stakingSpareGas),
  parse: (log) => parseEvent(log, stakersPool.ExitedEarly),
})

/** {@link exitEarly} that waits until it is on chain. */
export const exitEarlySync = toSync(exitEarly)

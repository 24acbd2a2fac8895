import type { Address } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'
import { stakingSpareGas } from './stakingTier.ts'

export type UnstakeParameters = {
  positionId: bigint
  amount: TokenAmount<'fab'>
}
export type UnstakeEvent = {
  account: Address
  positionId: bigint
  /** FAB in wei. */
  amount: bigint
}

/**
 * Pays out FAB of a position whose lock is over. What stays must be nothing or enough for the tier.
 * @example
 * await unstake(client, { positionId: 0n, amount: fab(5000) })
 */
export const unstake = defineWrite<UnstakeParameters, UnstakeEvent>({
  contract: 'stakersPool',
  eventName: 'Unstaked',
  prepare: ({ contracts }, { positionId, amount }) =>
    oneCall(
      contracts.stakersPool,
      stakersPool.unstake,
      [positionId, amount.value],
      stakingSpareGas,
    ),
  parse: (log) => parseEvent(log, stakersPool.Unstaked),
})

/** {@link unstake} that waits until it is on chain. */
export const unstakeSync = toSync(unstake)

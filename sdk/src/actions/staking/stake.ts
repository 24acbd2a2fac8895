import type { Address } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'
import { type StakingTier, stakingSpareGas, stakingTiers } from './stakingTier.ts'

export type StakeParameters = {
  tier: StakingTier
  amount: TokenAmount<'fab'>
}
export type StakeEvent = {
  account: Address
  /** Counts the positions of the account from 0. */
  positionId: bigint
  tier: StakingTier
  /** FAB in wei. */
  amount: bigint
  /** Unix seconds from which leaving is free. */
  unlocksAt: bigint
}

/**
 * Approves and stakes FAB in a new position: one operation.
 * @throws {InsufficientBalanceError} When the account holds less FAB than that.
 * @example
 * const { positionId } = await stakeSync(client, { tier: 'gold', amount: fab(5000) })
 */
export const stake = defineWrite<StakeParameters, StakeEvent>({
  contract: 'stakersPool',
  eventName: 'Staked',
  prepare({ contracts }, { tier, amount: { value } }) {
    const args = [stakingTiers.indexOf(tier), value] as const
    const call = encodeCall(contracts.stakersPool, stakersPool.stake, args)
    return { ...withPull(call, contracts.fab, value), spareGas: stakingSpareGas }
  },
  parse(log) {
    const args = parseEvent(log, stakersPool.Staked)
    return args && { ...args, tier: stakingTiers[args.tier] as StakingTier }
  },
})

/** {@link stake} that waits until it is on chain. */
export const stakeSync = toSync(stake)

import type { Address } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'
import { type StakingTier, stakingSpareGas, stakingTiers } from './stakingTier.ts'

export type RelockParameters = { positionId: bigint; tier: StakingTier }
export type RelockEvent = {
  account: Address
  positionId: bigint
  tier: StakingTier
  /** Unix seconds. */
  unlocksAt: bigint
}

/**
 * Locks a position anew, from now. The new lock may not end before the old one.
 * @example
 * await relock(client, { positionId: 0n, tier: 'platinum' })
 */
export const relock = defineWrite<RelockParameters, RelockEvent>({
  contract: 'stakersPool',
  eventName: 'PositionRelocked',
  prepare: ({ contracts }, { positionId, tier }) =>
    oneCall(
      contracts.stakersPool,
      stakersPool.relock,
      [positionId, stakingTiers.indexOf(tier)],
      stakingSpareGas,
    ),
  parse(log) {
    const args = parseEvent(log, stakersPool.PositionRelocked)
    return args && { ...args, tier: stakingTiers[args.tier] as StakingTier }
  },
})

/** {@link relock} that waits until it is on chain. */
export const relockSync = toSync(relock)

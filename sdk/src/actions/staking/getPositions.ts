import type { Address } from 'viem'
import * as stakersPool from '../../contracts/generated/stakersPool.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import { type StakingTier, stakingTiers } from './stakingTier.ts'

export type StakingPosition = {
  positionId: bigint
  /** FAB in wei. */
  amount: bigint
  /** Unix seconds from which leaving is free. */
  unlocksAt: number
  tier: StakingTier
}

/**
 * Positions of an account that hold FAB.
 * @param account The client's own account by default.
 * @example
 * const [position] = await getPositions(client)
 */
export async function getPositions(
  client: AccountReadClient,
  { account = client.account.address }: { account?: Address | undefined } = {},
): Promise<StakingPosition[]> {
  const address = client.contracts.stakersPool
  const count = await readView(client, address, stakersPool.positionCount, [account])
  const positions = await Promise.all(
    Array.from({ length: Number(count) }, async (_, index) => {
      const positionId = BigInt(index)
      const held = await readView(client, address, stakersPool.position, [account, positionId])
      return { positionId, ...held, tier: stakingTiers[held.tier] as StakingTier }
    }),
  )
  return positions.filter(({ amount }) => amount > 0n)
}

import { getAddress, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { eth, fab, usdc } from '../../units/amounts.ts'
import { distributeFees } from '../marketplace/distributeFees.ts'
import { splitRevenue } from '../revenue/splitRevenue.ts'
import { addReward } from './addReward.ts'
import { claimAllRewards } from './claimAllRewards.ts'
import { claimRewards } from './claimRewards.ts'
import { exitEarly } from './exitEarly.ts'
import { getPositions } from './getPositions.ts'
import { getRewards } from './getRewards.ts'
import { lapsePosition } from './lapsePosition.ts'
import { relock } from './relock.ts'
import { stake } from './stake.ts'
import { syncRewards } from './syncRewards.ts'
import { unstake } from './unstake.ts'

const other = '0x2200000000000000000000000000000000000022'
const usdcToken = getAddress(contracts.usdc)
const pool = getAddress(contracts.stakersPool)
const positionId = 0n

describe('calls', () => {
  test.each([
    [unstake.call({ positionId, amount: fab(5) }), 'unstake', 0n, fab(5).value],
    [exitEarly.call({ positionId }), 'exitEarly', 0n],
    [relock.call({ positionId, tier: 'platinum' }), 'relock', 0n, 4],
    [claimRewards.call({ token: 'usdc' }), 'claim', usdcToken],
    [claimRewards.call({ token: 'eth', to: other }), 'claim', zeroAddress, other],
    [claimAllRewards.call(), 'claimAll'],
    [syncRewards.call({ token: 'usdc' }), 'sync', usdcToken],
    [lapsePosition.call({ positionId }), 'lapse', me, 0n],
    [lapsePosition.call({ account: other, positionId }), 'lapse', other, 0n],
  ])('%#: $1', async (call, ...expected) => {
    expect(await callsOf(call)).toEqual([['stakersPool', ...expected]])
  })

  test('a stake approves exactly its amount', async () => {
    expect(await callsOf(stake.call({ tier: 'gold', amount: fab(5) }))).toEqual([
      ['fab', 'approve', pool, fab(5).value],
      ['stakersPool', 'stake', 3, fab(5).value],
    ])
  })

  test('a reward is approved, or goes as value', async () => {
    expect(await callsOf(addReward.call({ amount: usdc(1) }))).toEqual([
      ['usdc', 'approve', pool, 1_000_000n],
      ['stakersPool', 'notifyReward', usdcToken, 1_000_000n],
    ])
    expect(await callsOf(addReward.call({ amount: eth(1) }))).toEqual([
      ['stakersPool', 'notifyReward', zeroAddress, 10n ** 18n, { value: 10n ** 18n }],
    ])
  })
})

test.each([
  ['of what was sent silently', syncRewards.call({ token: 'usdc' }), 25_000n],
  ['of ETH', addReward.call({ amount: eth(1) }), 25_000n],
  ['of a token', addReward.call({ amount: usdc(1) }), 50_000n],
  ['of revenue', splitRevenue.call({ amount: usdc(1), host: other }), 50_000n],
  ['of fees', distributeFees.call({ token: 'usdc' }), 50_000n],
  ['that is claimed', claimRewards.call({ token: 'fab' }), 50_000n],
  ['of each kind that is claimed', claimAllRewards.call(), 75_000n],
  ['that a stake brings up to date', stake.call({ tier: 'gold', amount: fab(5) }), 100_000n],
])(
  'a reward %s has gas for a stream that an estimate sees written already',
  async (_, call, gas) => {
    expect((await call.prepare(chainWith())).spareGas).toBe(gas)
  },
)

describe('events', () => {
  const staked = { account: me, positionId, amount: 5n, unlocksAt: 9n }
  const claimed = { account: me, token: usdcToken, amount: 1n, to: me }
  const rewarded = { token: usdcToken, from: me, amount: 1n, endsAt: 9n }
  const relocked = { account: me, positionId, unlocksAt: 9n }
  const exited = { account: me, positionId, amount: 9n, penalty: 1n }
  const unstaked = { account: me, positionId, amount: 5n }
  test.each([
    [stake, 'Staked', { ...staked, tier: 3 }, { ...staked, tier: 'gold' }],
    [unstake, 'Unstaked', unstaked, unstaked],
    [exitEarly, 'ExitedEarly', exited, exited],
    [relock, 'PositionRelocked', { ...relocked, tier: 4 }, { ...relocked, tier: 'platinum' }],
    [claimRewards, 'RewardClaimed', claimed, claimed],
    [claimAllRewards, 'RewardClaimed', claimed, { rewards: [claimed] }],
    [addReward, 'RewardNotified', rewarded, rewarded],
    [syncRewards, 'RewardNotified', rewarded, rewarded],
    [lapsePosition, 'PositionLapsed', { account: me, positionId }, { account: me, positionId }],
  ])('%#: $1', (action, eventName, args, expected) => {
    expect(action.extractEvent([logOf('stakersPool', eventName, args)])).toEqual(expected)
  })
})

describe('reads', () => {
  test('rewards by the names of their tokens', async () => {
    const tokens = [zeroAddress, contracts.fab, other]
    const chain = chainWith({ stakersPool: { rewardTokens: tokens, earned: 7n } })
    expect(await getRewards(chain)).toEqual([
      { token: 'eth', value: 7n },
      { token: 'fab', value: 7n },
      { token: other, value: 7n },
    ])
  })

  test('positions that were left are not shown', async () => {
    const of = (amount: bigint) =>
      chainWith({
        stakersPool: { positionCount: 2n, position: { amount, unlocksAt: 9, tier: 3 } },
      })
    expect(await getPositions(of(5n))).toEqual([
      { positionId: 0n, amount: 5n, unlocksAt: 9, tier: 'gold' },
      { positionId: 1n, amount: 5n, unlocksAt: 9, tier: 'gold' },
    ])
    expect(await getPositions(of(0n))).toEqual([])
  })
})

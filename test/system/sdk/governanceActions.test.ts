import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  contractCall,
  EventNotFoundError,
  eth,
  type FabstirClient,
  fab,
  InsufficientBalanceError,
  recordModelUse,
  toModelId,
  usdc,
} from '@fabstir/sdk'
import { zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { devnetAccounts } from '../../../devnet/src/keys.ts'
import { type ActionsFixture, actionsFixture } from './actionsFixture.ts'

let devnet: Devnet
let fixture: ActionsFixture
const hour = 3600
const day = 24 * hour

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = actionsFixture(devnet)
}, 180_000)
afterAll(() => devnet?.close())

const withTokens = async (tokens: { fab?: string; usdc?: string }) => {
  const client = await fixture.createSelfPaid()
  if (tokens.fab) await fixture.give.fab(client.account.address, tokens.fab)
  if (tokens.usdc) await fixture.give.usdc(client.account.address, tokens.usdc)
  return client
}

describe('the protocol', () => {
  test('says what governance has set, who holds which role, and that work is open', async () => {
    const anybody = await fixture.createClient()
    expect(await anybody.getProtocol()).toMatchObject({
      protocolBps: 1000n,
      stakersBps: 500n,
      closingWindow: 3600n,
      minimumStake: fab(1000).value,
      claimBond: fab(20).value,
      challengeBond: fab(10).value,
      arbiter: devnetAccounts.council.address,
      treasury: devnetAccounts.treasury.address,
      lastJobId: 0n,
    })
    expect(await anybody.getBreaker()).toEqual({
      level: 0,
      until: 0n,
      failures: 0n,
      successes: 0n,
      suspicious: 0n,
      lastIncident: 0n,
      work: {
        jobs: { paused: false, left: 10n },
        claims: { paused: false, left: 60n },
        sessions: { paused: false, left: 10n },
      },
    })
    expect(await anybody.getAcceptedToken({ token: 'usdc' })).toMatchObject({
      token: 'usdc',
      accepted: true,
      maxPending: 0n,
    })
    expect(await anybody.getAcceptedToken({ token: 'fab' })).toMatchObject({ accepted: false })
    const account = devnetAccounts.council.address
    for (const role of ['arbiter', 'guardian', 'resolver'] as const) {
      expect(await anybody.hasRole({ role, account })).toBe(true)
      expect(await anybody.hasRole({ role })).toBe(false)
    }
    expect(await anybody.hasRole({ role: 'host' })).toBe(false)
    expect(await anybody.hasRole({ role: 'proposer' })).toBe(false)
  })

  test('closes a kind of work by its breaker', async () => {
    const anybody = await fixture.createClient()
    const level = (value: number) =>
      fixture.govern('marketplace', jobMarketplaceAbi, 'setCircuitBreakerLevel', [value])
    await level(3)
    expect(await anybody.getBreaker()).toMatchObject({
      level: 3,
      work: { jobs: { paused: true }, claims: { paused: true }, sessions: { paused: true } },
    })
    await fixture.pass(hour + 1)
    await level(0)
    expect(await anybody.getBreaker()).toMatchObject({
      level: 0,
      work: { jobs: { paused: false } },
    })
  })
})

describe('a subscription', () => {
  test('is paid exactly, used, extended, cancelled and collected', async () => {
    const provider = await withTokens({})
    const subscriber = await withTokens({ usdc: '100' })
    const quota = 1000n
    const plan = { price: usdc(20), period: '30d', quota } as const
    const { planId } = await provider.createPlanSync(plan)
    expect(await subscriber.getPlan({ planId })).toMatchObject({
      provider: provider.account.address,
      price: 20_000_000n,
      open: true,
    })
    await provider.assertRole({ role: 'provider', planId })
    await expect(subscriber.subscribe({ planId, periods: 6 })).rejects.toBeInstanceOf(
      InsufficientBalanceError,
    )
    expect(await subscriber.subscribeSync({ planId, periods: 2 })).toMatchObject({ periods: 2n })
    await subscriber.extendSubscriptionSync({ planId })
    await fixture.expectNothingApproved(subscriber)

    const meter = await withTokens({})
    const use = { planId, subscriber: subscriber.account.address, units: 400n }
    await expect(meter.consumeQuota(use)).rejects.toMatchObject({
      errorName: 'SubscriptionsNotMeter',
    })
    expect(await provider.setMeterSync({ planId, meter: meter.account.address })).toMatchObject({
      meter: meter.account.address,
    })
    expect(await meter.consumeQuotaSync(use)).toMatchObject({ remaining: 600n })
    expect(await subscriber.getSubscription({ planId })).toMatchObject({
      periods: 3,
      remainingQuota: 600n,
      autoRenew: false,
    })
    const collection = { planId, subscriber: use.subscriber }
    expect(await provider.collectSubscriptionSync(collection)).toMatchObject({
      amount: 20_000_000n,
    })
    await expect(provider.collectSubscriptionSync(collection)).rejects.toBeInstanceOf(
      EventNotFoundError,
    )
    expect(await subscriber.cancelSubscriptionSync({ planId })).toMatchObject({
      refund: 40_000_000n,
    })
    expect(await subscriber.withdrawableSubscriptions({ token: 'usdc' })).toEqual(usdc(40))
    await subscriber.withdrawSubscriptionsSync({ token: 'usdc' })
    await provider.withdrawSubscriptionsSync({ token: 'usdc' })
    const [back, paid] = await Promise.all(
      [subscriber, provider].map(({ account }) =>
        fixture.balanceOf(devnet.contracts.usdc, account.address),
      ),
    )
    expect([back, paid]).toEqual([80_000_000n, 20_000_000n])
    expect(await provider.closePlanSync({ planId })).toMatchObject({ planId })
  })

  test('is renewed by its subscriber, or by the provider within what was approved', async () => {
    const provider = await withTokens({})
    const subscriber = await withTokens({ usdc: '100' })
    const { planId } = await provider.createPlanSync({ price: usdc(1), period: '1d', quota: 1n })
    await subscriber.subscribeSync({ planId })
    const renewal = { planId, autoRenew: true }
    expect(await subscriber.setAutoRenewSync({ ...renewal, periods: 1 })).toMatchObject(renewal)
    const of = { planId, subscriber: subscriber.account.address }
    await fixture.pass(day)
    expect(await provider.renewSubscriptionSync(of)).toMatchObject({ periods: 1n })
    await fixture.expectNothingApproved(subscriber)
    await fixture.pass(day)
    await expect(provider.renewSubscription(of)).rejects.toMatchObject({
      errorName: 'ERC20InsufficientAllowance',
    })
    expect(await subscriber.renewSubscriptionSync({ planId })).toMatchObject({ periods: 1n })
    await fixture.expectNothingApproved(subscriber)
    await subscriber.setAutoRenewSync({ ...renewal, periods: 5 })
    await subscriber.setAutoRenewSync({ planId, autoRenew: false })
    await fixture.expectNothingApproved(subscriber)
  })
})

describe('a staker', () => {
  test('locks, earns, claims, relocks and leaves', async () => {
    const staker = await withTokens({ fab: '110000' })
    const tiers = await staker.getStakingTiers()
    expect(tiers.map(({ tier }) => tier)).toEqual([
      'flexible',
      'bronze',
      'silver',
      'gold',
      'platinum',
    ])
    const gold = tiers.find(({ tier }) => tier === 'gold')
    const first = await staker.stakeSync({ tier: 'flexible', amount: fab(1000) })
    const second = await staker.stakeSync({ tier: 'gold', amount: fab(100_000) })
    expect(second).toMatchObject({ positionId: 1n, tier: 'gold' })
    await fixture.expectNothingApproved(staker)
    expect(await staker.getPositions()).toMatchObject([
      { positionId: 0n, tier: 'flexible', amount: fab(1000).value },
      { positionId: 1n, tier: 'gold', amount: fab(100_000).value },
    ])
    const sponsor = await withTokens({ fab: '100' })
    expect(await sponsor.addRewardSync({ amount: eth(1) })).toMatchObject({
      token: zeroAddress,
      amount: eth(1).value,
    })
    await sponsor.addRewardSync({ amount: fab(100) })
    await fixture.expectNothingApproved(sponsor)
    await fixture.pass(7 * day)

    const rewards = await staker.getRewards()
    expect(
      rewards
        .map(({ token }) => token)
        .slice(0, 2)
        .toSorted(),
    ).toEqual(['eth', 'fab'])
    const inEth = rewards.find(({ token }) => token === 'eth')
    expect(inEth?.value).toBeGreaterThan(eth('0.99').value)
    expect(await staker.claimRewardsSync({ token: 'eth' })).toMatchObject({ token: zeroAddress })
    const claimed = await staker.claimAllRewardsSync()
    expect(claimed.rewards).toMatchObject([{ token: devnet.contracts.fab }])
    await expect(staker.claimRewardsSync({ token: 'eth' })).rejects.toBeInstanceOf(
      EventNotFoundError,
    )

    const locked = staker.unstake({ positionId: 1n, amount: fab(100_000) })
    await expect(locked).rejects.toMatchObject({ errorName: 'StakersPoolLocked' })
    const { positionId } = first
    expect(await staker.unstakeSync({ positionId, amount: fab(1000) })).toMatchObject({
      amount: fab(1000).value,
    })
    expect(await staker.relockSync({ positionId: 1n, tier: 'platinum' })).toMatchObject({
      tier: 'platinum',
    })
    expect(await staker.exitEarlySync({ positionId: 1n })).toMatchObject({
      amount: fab(90_000).value,
      penalty: fab(10_000).value,
    })
    expect(await staker.getPositions()).toEqual([])
    expect(gold?.lock).toBeGreaterThan(0)
  })
})

describe('a proposal', () => {
  let proposer: FabstirClient
  let voter: FabstirClient

  /** Through vote and timelock, by votes that are in already. */
  const pass = async (proposalId: bigint) => {
    const { timelockDelay } = await voter.getGovernance()
    const { voteEnd } = await voter.getProposal({ proposalId })
    const { timestamp } = await fixture.publicClient.getBlock()
    await fixture.pass(voteEnd - timestamp + 1n)
    const { eta } = await voter.queueProposalSync({ proposalId })
    expect(await voter.getProposal({ proposalId })).toMatchObject({ state: 'queued', eta })
    await expect(voter.executeProposal({ proposalId })).rejects.toMatchObject({
      errorName: 'TimelockUnexpectedOperationState',
    })
    await fixture.pass(timelockDelay)
    expect(await voter.executeProposalSync({ proposalId })).toMatchObject({ proposalId })
    expect(await voter.getProposal({ proposalId })).toMatchObject({ state: 'executed' })
  }

  beforeAll(async () => {
    proposer = await withTokens({ fab: '20000' })
    const supply = await fixture.balanceOf(devnet.contracts.fab, devnetAccounts.deployer.address)
    voter = await withTokens({ fab: `${supply / 2n / 10n ** 18n}` })
    expect(await voter.getDelegate()).toBeUndefined()
    expect(await proposer.delegateVotesSync()).toMatchObject({
      toDelegate: proposer.account.address,
    })
    await voter.delegateVotesSync({ to: voter.account.address })
    expect(await voter.getDelegate()).toBe(voter.account.address)
    await fixture.pass(10)
  })

  test('of typed calls is voted on, by signature too, and executed by the timelock', async () => {
    const nobody = await fixture.createSelfPaid()
    const calls = [
      contractCall({
        contract: 'marketplace',
        abi: jobMarketplaceAbi,
        functionName: 'setMaxPending',
        args: [devnet.contracts.usdc, 7_000_000n],
      }),
      { to: nobody.account.address, value: 0n },
    ]
    const description = 'Open attested sessions'
    await expect(nobody.propose({ calls, description })).rejects.toMatchObject({
      errorName: 'GovernorInsufficientProposerVotes',
    })
    await proposer.assertRole({ role: 'proposer' })
    const { proposalId, ...proposed } = await proposer.proposeSync({ calls, description })
    expect(proposed).toMatchObject({ proposer: proposer.account.address, description })
    expect(proposed.calls).toHaveLength(2)
    expect(await voter.getProposal({ proposalId })).toMatchObject({
      state: 'pending',
      calls: proposed.calls,
      needsSuperMajority: true,
    })
    const { votingDelay } = await voter.getGovernance()
    await fixture.pass(votingDelay + 2n)
    expect(
      await proposer.castVoteSync({ proposalId, support: 'against', reason: 'too early' }),
    ).toMatchObject({ support: 'against', weight: fab(20_000).value, reason: 'too early' })

    const vote = await voter.signVote({ proposalId, support: 'for' })
    const forged = { ...vote, support: 'against' } as const
    await expect(nobody.castVoteBySig({ vote: forged })).rejects.toMatchObject({
      errorName: 'GovernorInvalidSignature',
    })
    expect(await nobody.castVoteBySigSync({ vote })).toMatchObject({
      voter: voter.account.address,
      support: 'for',
    })
    expect(await voter.getProposal({ proposalId })).toMatchObject({
      state: 'active',
      votes: {
        for: await voter.getVotes({ at: proposed.voteStart }),
        against: fab(20_000).value,
        abstain: 0n,
      },
    })
    await pass(proposalId)
    expect(await voter.getAcceptedToken({ token: 'usdc' })).toMatchObject({
      maxPending: 7_000_000n,
    })
  })

  test('of parameters goes by name, within the bounds of the list', async () => {
    const change = {
      contract: 'marketplace',
      setter: 'setClosingWindow(uint256)',
      parameter: 'closingWindow',
      value: 7200n,
    } as const
    const [bounds] = await proposer.getParameter(change)
    expect(bounds).toEqual({ name: 'closingWindow', minimum: 600n, maximum: 86_400n })
    const tooLong = { changes: [{ ...change, value: 86_401n }], description: 'Too long' }
    await expect(proposer.proposeParameters(tooLong)).rejects.toMatchObject({
      errorName: 'ParameterGuardOutOfBounds',
      args: ['closingWindow', 86_401n, 600n, 86_400n],
    })
    const { proposalId } = await proposer.proposeParametersSync({
      changes: [change],
      description: 'Two hours to close',
    })
    const { votingDelay } = await voter.getGovernance()
    await fixture.pass(votingDelay + 2n)
    await voter.castVoteSync({ proposalId, support: 'for' })
    await pass(proposalId)
    expect(await voter.getProtocol()).toMatchObject({ closingWindow: 7200n })
  })

  test('is taken back by its proposer before the vote', async () => {
    const { proposalId } = await proposer.proposeSync({
      calls: [recordModelUse.call({ sessionId: 1n })],
      description: `About ${toModelId('m')}`,
    })
    await expect(voter.cancelProposal({ proposalId })).rejects.toMatchObject({
      errorName: 'GovernorUnableToCancel',
    })
    expect(await proposer.cancelProposalSync({ proposalId })).toMatchObject({ proposalId })
    expect(await voter.getProposal({ proposalId })).toMatchObject({ state: 'canceled' })
    await expect(voter.getProposal({ proposalId: 1n })).rejects.toMatchObject({
      errorName: 'GovernorNonexistentProposal',
    })
  })
})

import { jobMarketplaceAbi, nodeRegistryAbi, reputationSystemAbi } from '@fabstir/contracts/abi'
import { encodeFunctionData, getAddress, parseEther, zeroAddress, zeroHash } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { createFollower, type Follower } from '../../contracts/operations/monitor/follower.ts'
import { activeHosts, scoreAt } from '../../contracts/operations/monitor/indexHosts.ts'
import {
  failuresInWindow,
  provenAt,
  withdrawableOf,
} from '../../contracts/operations/monitor/marketState.ts'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'
import type { Chain } from './monitor/actors.ts'
import { randomWalk } from './monitor/randomWalk.ts'
import { serveMonitor } from './monitor/serveMonitor.ts'

let chain: Chain
let walk: Awaited<ReturnType<typeof randomWalk>>
beforeAll(async () => {
  chain = await hardhatDeployment()
  walk = await randomWalk(chain, 500)
}, 120_000)

const followerOf = (confirmations = 0): Follower =>
  createFollower({
    publicClient: chain.publicClient,
    addresses: chain.deployment.contracts.map(({ address }) => address),
    startBlock: 0n,
    confirmations,
    pageOfBlocks: 37n,
  })

describe('events replayed are what the contracts say (row 215)', () => {
  let follower: Follower
  let now: number
  beforeAll(async () => {
    follower = followerOf()
    await follower.advance()
    now = Number((await chain.publicClient.getBlock()).timestamp)
  })

  test('the walk took every way that is compared', () => {
    const { accepted, counts } = walk.actors
    expect([...accepted.keys()]).toEqual(
      expect.arrayContaining([
        ...['postJob', 'postJobWithToken', 'createSessionJob', 'createSessionJobWithToken'],
        ...['claimJob', 'abandonClaim', 'submitResult', 'releasePayment', 'autoRelease'],
        ...['cancelJob', 'claimExpired', 'disputeResult', 'resolveDispute', 'resolveStale'],
        ...['challengeProof', 'revealEvidence', 'resolveChallenge', 'expireChallenge'],
        ...['createSession', 'createSessionFromDeposit', 'depositPrepaid', 'setCoSigner'],
        ...['submitCheckpoint', 'submitProofOfWork', 'completeSessionJob', 'finalizeSession'],
        ...['challengeAttestedWork', 'decideAttestedWork', 'completeSessionWithFinal'],
        ...['settleSession', 'settleSessionWithVoucher', 'triggerSessionTimeout'],
        ...['withdraw', 'withdrawAll', 'distributeFees', 'rateHost', 'slashReputation'],
        ...['requestUnstake', 'unregisterNode', 'registerNode', 'stake', 'slash'],
      ]),
    )
    expect(counts.refused).toBeGreaterThan(20)
  })

  test('jobs and sessions', async () => {
    const { book, publicClient } = chain
    const market = { address: book.marketplace, abi: jobMarketplaceAbi } as const
    const statuses = [
      ...['None', 'Posted', 'Claimed', 'Submitted', 'Released'],
      ...['Expired', 'Failed', 'Cancelled', 'Disputed', 'Resolved'],
    ]
    const sessionStatuses = ['None', 'Active', 'Closing', 'Settled']
    const { jobs, sessions } = follower.state.market
    expect(jobs.size + sessions.size).toBe(Number(walk.lastId))
    for (const [id, job] of jobs) {
      const seen = await publicClient.readContract({
        ...market,
        functionName: 'getJob',
        args: [id],
      })
      expect({
        ...job,
        status: statuses.indexOf(job.status),
        host: job.host ?? zeroAddress,
      }).toMatchObject({
        renter: seen.renter,
        host: seen.host,
        token: seen.token,
        payment: seen.payment,
        status: seen.status,
      })
    }
    for (const [id, session] of sessions) {
      const seen = await publicClient.readContract({
        ...market,
        functionName: 'getSessionDetails',
        args: [id],
      })
      const { nextCoSigner: changed } = session
      expect({
        ...session,
        status: sessionStatuses.indexOf(session.status),
        provenTokens: provenAt(session, now),
        ...(changed && now >= changed.effectiveAt ? { coSigner: changed.coSigner } : {}),
      }).toMatchObject({
        renter: seen.renter,
        host: seen.host,
        token: seen.token,
        coSigner: seen.coSigner,
        deposit: seen.deposit,
        pricePer1000: seen.pricePer1000,
        proofInterval: seen.proofInterval,
        provenTokens: seen.provenTokens,
        closesAt: seen.closesAt,
        status: seen.status,
      })
      const pending = await publicClient.readContract({
        ...market,
        functionName: 'attestedWork',
        args: [id],
      })
      const { attested, maturesAt, bond } = session
      expect({ attested, maturesAt: BigInt(maturesAt), bond }).toEqual({
        attested: pending.tokens,
        maturesAt: pending.maturesAt,
        bond: pending.bond,
      })
    }
  })

  test('balances, fees, liabilities and obligations', async () => {
    const { book, publicClient } = chain
    const market = { address: book.marketplace, abi: jobMarketplaceAbi } as const
    const { market: state } = follower.state
    const { hosts, renters } = walk.actors
    const accounts = [...hosts, ...renters].map(({ account }) => getAddress(account.address))
    for (const token of walk.tokens) {
      for (const account of accounts) {
        const [owed, obligations] = await Promise.all([
          publicClient.readContract({
            ...market,
            functionName: 'withdrawable',
            args: [account, token],
          }),
          publicClient.readContract({
            ...market,
            functionName: 'openObligations',
            args: [account],
          }),
        ])
        expect(withdrawableOf(state, account, token)).toBe(owed)
        expect(BigInt(state.obligations.get(account) ?? 0)).toBe(obligations)
      }
      const [protocol, stakers] = await publicClient.readContract({
        ...market,
        functionName: 'feeLedger',
        args: [token],
      })
      expect(state.fees.get(token) ?? { protocol: 0n, stakers: 0n }).toEqual({ protocol, stakers })
      expect(state.liabilities.get(token) ?? 0n).toBe(
        await publicClient.readContract({ ...market, functionName: 'liabilities', args: [token] }),
      )
    }
  })

  test('hosts', async () => {
    const { book, publicClient } = chain
    const registry = { address: book.registry, abi: nodeRegistryAbi } as const
    const { hosts } = follower.state
    const minimum = await publicClient.readContract({ ...registry, functionName: 'minimumStake' })
    const page = await publicClient.readContract({
      ...registry,
      functionName: 'getActiveNodes',
      args: [0n, 100n],
    })
    expect(activeHosts(hosts, minimum, now).toSorted()).toEqual([...page].toSorted())
    for (const [address, host] of hosts.hosts) {
      const seen = await publicClient.readContract({
        ...registry,
        functionName: 'getNode',
        args: [address],
      })
      const { stake, unbonding, accepting, controller, jailedUntil } = host
      expect({ stake, unbonding, accepting, jailedUntil }).toEqual({
        stake: seen.stake,
        unbonding: seen.unbonding,
        accepting: seen.accepting,
        jailedUntil: seen.jailedUntil,
      })
      expect(host.registered ? controller : zeroAddress).toBe(seen.controller)
      const score = await publicClient.readContract({
        address: book.reputation,
        abi: reputationSystemAbi,
        functionName: 'getReputation',
        args: [address],
      })
      expect(BigInt(scoreAt(host, now))).toBe(score)
    }
  })

  test('what the breaker counts', async () => {
    const { actors } = walk
    const [renter] = actors.renters
    if (!renter) throw new RangeError('no renter')
    for (const host of actors.hosts) {
      await actors.registry('registerNode', host, ['gpu:rtx4090'])
      await actors.registry('stake', host, [parseEther('1000')])
      await actors.registry('setAccepting', host, [true])
    }
    await actors.pass(86_400)
    // Each of two hosts misses two deadlines within the hour.
    for (const host of [...actors.hosts, ...actors.hosts]) {
      const deadline = (await chain.publicClient.getBlock()).timestamp + 120n
      const args = ['llama-70b', zeroHash, parseEther('0.01'), deadline]
      expect(await actors.market('createJob', renter, args, parseEther('0.01'))).toBe(true)
      const id = await chain.publicClient.readContract({
        address: chain.book.marketplace,
        abi: jobMarketplaceAbi,
        functionName: 'lastJobId',
      })
      expect(await actors.market('claimJob', host, [id])).toBe(true)
      await actors.pass(180)
      expect(await actors.market('claimExpired', renter, [id])).toBe(true)
    }
    await follower.advance()
    const { timestamp } = await chain.publicClient.getBlock()
    const { market } = follower.state
    const seen = await chain.publicClient.readContract({
      address: chain.book.marketplace,
      abi: jobMarketplaceAbi,
      functionName: 'getCircuitBreakerMetrics',
    })
    expect(failuresInWindow(market, Number(timestamp))).toEqual({ failures: 4, suspicious: 2 })
    expect({ failures: seen.failures, suspicious: seen.suspicious }).toEqual({
      failures: 4n,
      suspicious: 2n,
    })
    expect(BigInt(market.successes)).toBe(seen.successes)
  })
})

describe('createFollower', () => {
  test('an event counts once it has its confirmations', async () => {
    const { testClient, wallets, book } = chain
    const follower = followerOf(3)
    await follower.advance()
    await wallets.renter.writeContract({
      address: book.marketplace,
      abi: jobMarketplaceAbi,
      functionName: 'setDefaultCoSigner',
      args: [wallets.anyone.account.address],
    })
    await testClient.mine({ blocks: 2 })
    const names = async () => (await follower.advance()).map(({ name }) => name)
    expect(await names()).not.toContain('DefaultCoSignerSet')
    await testClient.mine({ blocks: 1 })
    expect(await names()).toEqual(['DefaultCoSignerSet'])
    expect(await names()).toEqual([])
  })

  test('a reorganisation deeper than the confirmations starts it over', async () => {
    const { testClient, publicClient, wallets, book } = chain
    const host = { address: book.registry, abi: nodeRegistryAbi } as const
    const id = await testClient.snapshot()
    const follower = followerOf()
    await follower.advance()
    const before = structuredClone(follower.state)
    await wallets.renter.sendTransaction({
      to: book.marketplace,
      value: parseEther('0.01'),
      data: encodeFunctionData({
        abi: jobMarketplaceAbi,
        functionName: 'createJob',
        args: [
          'llama-70b',
          zeroHash,
          parseEther('0.01'),
          (await publicClient.getBlock()).timestamp + 7_200n,
        ],
      }),
    })
    await follower.advance()
    expect(follower.state.market.jobs.size).toBe(before.market.jobs.size + 1)
    await testClient.revert({ id })
    await testClient.mine({ blocks: 3 })
    await follower.advance()
    expect(follower.state).toEqual(before)
    expect(await publicClient.readContract({ ...host, functionName: 'nodeCount' })).toBeDefined()
  })
})

describe('startMonitor', () => serveMonitor(() => ({ chain, walk })))

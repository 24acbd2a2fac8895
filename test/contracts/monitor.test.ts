import {
  jobMarketplaceAbi,
  nodeRegistryAbi,
  proofSystemAbi,
  reputationSystemAbi,
} from '@fabstir/contracts/abi'
import {
  encodeFunctionData,
  getAddress,
  parseEther,
  toFunctionSelector,
  zeroAddress,
  zeroHash,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFollower, type Follower } from '../../contracts/operations/monitor/follower.ts'
import { activeHosts, scoreAt } from '../../contracts/operations/monitor/indexHosts.ts'
import {
  failuresInWindow,
  provenAt,
  withdrawableOf,
} from '../../contracts/operations/monitor/marketState.ts'
import { type Monitor, startMonitor } from '../../contracts/operations/monitor/startMonitor.ts'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'
import type { Chain } from './monitor/actors.ts'
import { randomWalk } from './monitor/randomWalk.ts'

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

describe('startMonitor', () => {
  let monitor: Monitor
  const raised: string[] = []
  let down = false
  beforeAll(async () => {
    const { publicClient, deployment } = chain
    monitor = await startMonitor({
      publicClient: {
        ...publicClient,
        getBlockNumber: (options) =>
          down ? Promise.reject(new Error('no answer')) : publicClient.getBlockNumber(options),
      },
      deployment,
      confirmations: 0,
      port: 0,
      intervalMs: 3_600_000,
      onAlerts: (alerts) => {
        raised.push(...alerts.map(({ id }) => id))
      },
    })
  })
  afterAll(() => monitor?.close())

  const get = async (path: string) => {
    const response = await fetch(`${monitor.url}${path}`)
    return { status: response.status, text: await response.text() }
  }

  test('it serves the metrics under their names, with the numbers of the walk', async () => {
    const { text } = await get('/metrics')
    for (const name of [
      ...['breaker_level', 'breaker_failures', 'breaker_successes', 'breaker_suspicious'],
      ...['breaker_last_incident_timestamp_seconds', 'hosts_active', 'registrations_per_hour'],
      ...['jobs_posted_total', 'jobs_completed_total', 'jobs_failed_total'],
      ...['sessions_opened_total', 'sessions_settled_total', 'success_rate'],
      ...['completion_seconds_average', 'payments_total', 'payment_velocity_per_hour'],
      ...['reputation_hosts', 'incidents_open', 'indexed_block'],
    ]) {
      expect(text).toMatch(new RegExp(`^# TYPE fabstir_${name} (gauge|counter)$`, 'm'))
    }
    const { accepted } = walk.actors
    const posted = ['postJob', 'postJobWithToken', 'createJob'].reduce(
      (sum, name) => sum + (accepted.get(name) ?? 0),
      0,
    )
    expect(text).toContain(`\nfabstir_jobs_posted_total ${posted}\n`)
    expect(text).toMatch(/fabstir_payments_total\{token="USDC"\} \d/)
  })

  test('it shows people a page, and answers what it does not have with 404', async () => {
    const page = await get('/')
    expect(page.text).toContain(`Marketplace on chain ${chain.book.chainId}`)
    expect(page.text).toContain('Single jobs posted')
    expect((await get('/wp-login.php')).status).toBe(404)
    expect((await fetch(monitor.url, { method: 'POST' })).status).toBe(405)
  })

  test('it raises an alert once, and lists it while the condition holds', async () => {
    const alerts = JSON.parse((await get('/alerts')).text) as { id: string }[]
    // Claims that were let expire.
    expect(alerts.map(({ id }) => id)).toContain('failures')
    await monitor.refresh()
    expect(raised.filter((id) => id === 'failures')).toHaveLength(1)
  })

  /** Ids of the alerts after another look. */
  const alertsNow = async () => {
    await monitor.refresh()
    return (JSON.parse((await get('/alerts')).text) as { id: string }[]).map(({ id }) => id)
  }
  /** A result of a job in ETH, handed in and not yet paid. */
  const handedIn = async () => {
    const [renter] = walk.actors.renters
    const [host] = walk.actors.hosts
    if (!renter || !host) throw new RangeError('nobody there')
    const deadline = (await chain.publicClient.getBlock()).timestamp + 3_600n
    const args = ['llama-70b', zeroHash, parseEther('0.01'), deadline]
    await walk.actors.market('createJob', renter, args, parseEther('0.01'))
    const id = await chain.publicClient.readContract({
      address: chain.book.marketplace,
      abi: jobMarketplaceAbi,
      functionName: 'lastJobId',
    })
    await walk.actors.market('claimJob', host, [id])
    expect(await walk.actors.market('submitResult', host, [id, 'bafkresult'])).toBe(true)
    return { id, renter, host }
  }

  test('a dispute calls for the arbiter until it is resolved (row 202)', async () => {
    const { id, renter, host } = await handedIn()
    const bond = parseEther('0.0001')
    expect(await walk.actors.market('disputeResult', renter, [id], bond)).toBe(true)
    expect(await alertsNow()).toContain(`EscrowDisputed:jobId ${id}`)
    expect(raised).toContain(`EscrowDisputed:jobId ${id}`)
    const escrowId = `0x${id.toString(16).padStart(64, '0')}`
    const verdict = [escrowId, host.account.address]
    await walk.actors.market('resolveDispute', chain.wallets.arbiter, verdict)
    expect(await alertsNow()).not.toContain(`EscrowDisputed:jobId ${id}`)
  })

  test('a challenge of a proof calls for a resolver, a dispute beside it still for the arbiter', async () => {
    const { actors } = walk
    const { id, renter } = await handedIn()
    const before = new Set(await alertsNow())
    const evidence = await chain.publicClient.readContract({
      address: chain.book.proofSystem,
      abi: proofSystemAbi,
      functionName: 'evidenceHashOf',
      args: [id, renter.account.address, 'bafkevidence', zeroHash],
    })
    const staked = [id, evidence, parseEther('10')]
    expect(await actors.proofSystem('challengeProof', renter, staked)).toBe(true)
    const bond = parseEther('0.0001')
    const [opened, ...rest] = (await alertsNow()).filter((one) => !before.has(one))
    expect(rest).toEqual([])
    expect(opened).toMatch(/^ProofChallenged:challengeId \d+$/)
    const challengeId = BigInt(opened?.split(' ')[1] ?? 0)
    expect(await actors.market('disputeResult', renter, [id], bond)).toBe(true)
    expect(await alertsNow()).toContain(`EscrowDisputed:jobId ${id}`)
    await actors.proofSystem('revealEvidence', renter, [challengeId, 'bafkevidence', zeroHash])
    // Upheld, it would end the dispute with a refund.
    await actors.proofSystem('resolveChallenge', chain.wallets.arbiter, [challengeId, false])
    const after = await alertsNow()
    expect(after).not.toContain(opened)
    expect(after).toContain(`EscrowDisputed:jobId ${id}`)
  })

  test('a level of the breaker is an alert and a metric while it holds', async () => {
    const { actors } = walk
    const { guardian } = chain.wallets
    const level = async () =>
      (await get('/metrics')).text.match(/\nfabstir_breaker_level (\d)\n/)?.[1]
    expect(await alertsNow()).not.toContain('breaker')
    const paused = [chain.book.marketplace, toFunctionSelector('claimJob(uint256)')]
    expect(await actors.guardian('pauseFunction', guardian, paused)).toBe(true)
    expect(await alertsNow()).toContain('breaker')
    expect(await level()).toBe('2')
    await actors.pass(73 * 3_600)
    expect(await alertsNow()).not.toContain('breaker')
    expect(await level()).toBe('0')
  })

  test('it is unhealthy while the node does not answer, and healthy again after', async () => {
    expect((await get('/health')).status).toBe(200)
    down = true
    await monitor.refresh()
    const { status, text } = await get('/health')
    expect({ status, ...JSON.parse(text) }).toMatchObject({ status: 503, error: 'no answer' })
    down = false
    await monitor.refresh()
    expect((await get('/health')).status).toBe(200)
  })
})

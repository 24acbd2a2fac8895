import { jobMarketplaceAbi, proofSystemAbi } from '@fabstir/contracts/abi'
import { parseEther, toFunctionSelector, zeroHash } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Monitor, startMonitor } from '../../../contracts/operations/monitor/startMonitor.ts'
import type { Chain } from './actors.ts'
import type { randomWalk } from './randomWalk.ts'

type Scene = { chain: Chain; walk: Awaited<ReturnType<typeof randomWalk>> }

/** Tests of the served monitor, on a chain that a walk has led through the marketplace. */
export function serveMonitor(scene: () => Scene): void {
  let monitor: Monitor
  const raised: string[] = []
  let down = false
  beforeAll(async () => {
    const { publicClient, deployment } = scene().chain
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
    const { accepted } = scene().walk.actors
    const posted = ['postJob', 'postJobWithToken', 'createJob'].reduce(
      (sum, name) => sum + (accepted.get(name) ?? 0),
      0,
    )
    expect(text).toContain(`\nfabstir_jobs_posted_total ${posted}\n`)
    expect(text).toMatch(/fabstir_payments_total\{token="USDC"\} \d/)
  })

  test('it shows people a page, and answers what it does not have with 404', async () => {
    const page = await get('/')
    expect(page.text).toContain(`Marketplace on chain ${scene().chain.book.chainId}`)
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
    const [renter] = scene().walk.actors.renters
    const [host] = scene().walk.actors.hosts
    if (!renter || !host) throw new RangeError('nobody there')
    const deadline = (await scene().chain.publicClient.getBlock()).timestamp + 3_600n
    const args = ['llama-70b', zeroHash, parseEther('0.01'), deadline]
    await scene().walk.actors.market('createJob', renter, args, parseEther('0.01'))
    const id = await scene().chain.publicClient.readContract({
      address: scene().chain.book.marketplace,
      abi: jobMarketplaceAbi,
      functionName: 'lastJobId',
    })
    await scene().walk.actors.market('claimJob', host, [id])
    expect(await scene().walk.actors.market('submitResult', host, [id, 'bafkresult'])).toBe(true)
    return { id, renter, host }
  }

  test('a dispute calls for the arbiter until it is resolved (row 202)', async () => {
    const { id, renter, host } = await handedIn()
    const bond = parseEther('0.0001')
    expect(await scene().walk.actors.market('disputeResult', renter, [id], bond)).toBe(true)
    expect(await alertsNow()).toContain(`EscrowDisputed:jobId ${id}`)
    expect(raised).toContain(`EscrowDisputed:jobId ${id}`)
    const escrowId = `0x${id.toString(16).padStart(64, '0')}`
    const verdict = [escrowId, host.account.address]
    await scene().walk.actors.market('resolveDispute', scene().chain.wallets.arbiter, verdict)
    expect(await alertsNow()).not.toContain(`EscrowDisputed:jobId ${id}`)
  })

  test('a challenge of a proof calls for a resolver, a dispute beside it still for the arbiter', async () => {
    const { actors } = scene().walk
    const { id, renter } = await handedIn()
    const before = new Set(await alertsNow())
    const evidence = await scene().chain.publicClient.readContract({
      address: scene().chain.book.proofSystem,
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
    await actors.proofSystem('resolveChallenge', scene().chain.wallets.arbiter, [
      challengeId,
      false,
    ])
    const after = await alertsNow()
    expect(after).not.toContain(opened)
    expect(after).toContain(`EscrowDisputed:jobId ${id}`)
  })

  test('a level of the breaker is an alert and a metric while it holds', async () => {
    const { actors } = scene().walk
    const { guardian } = scene().chain.wallets
    const level = async () =>
      (await get('/metrics')).text.match(/\nfabstir_breaker_level (\d)\n/)?.[1]
    expect(await alertsNow()).not.toContain('breaker')
    const paused = [scene().chain.book.marketplace, toFunctionSelector('claimJob(uint256)')]
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
}

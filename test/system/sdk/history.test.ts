import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  contractCall,
  eventActions,
  type FabstirClient,
  fab,
  getAccountHistory,
  getHostHistory,
  getJobHistory,
  getSessionHistory,
  HistoryIncompleteError,
  HistoryNotFoundError,
  usdc,
} from '@fabstir/sdk'
import { createHostDirectory, createTokenCache, selectOptimalNode } from '@fabstir/sdk/discovery'
import { createPublicClient, erc20Abi, type Hex, http, pad, parseUnits } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freshKey } from '../sdkFixture.ts'
import { result, type ServiceProxy, startServiceProxy } from '../sdkServiceProxy.ts'
import { type ActionsFixture, actionsFixture } from './actionsFixture.ts'
import type { WholeClient } from './wholeClient.ts'

let devnet: Devnet
let fixture: ActionsFixture
let proxy: ServiceProxy
let host: WholeClient
let other: WholeClient
let renter: WholeClient
let arbiter: WholeClient
const app = freshKey()
const jobIds: bigint[] = []
const sessionIds: bigint[] = []

const publicClient = (url = devnet.rpcUrl) =>
  createPublicClient({ chain: devnet.chain, transport: http(url) })
const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(2) }
const post = async (client: FabstirClient = renter) => {
  const { jobId } = await client.postJobSync(job)
  jobIds.push(jobId)
  return jobId
}
const submitted = async () => {
  const jobId = await post()
  await host.claimJobSync({ jobId })
  await host.completeJobSync({ jobId, resultCid: 'bafyresult' })
  return jobId
}
const open = async (more: Partial<Parameters<WholeClient['openSession']>[0]> = {}) => {
  const { sessionId } = await renter.openSessionSync({
    host: host.account.address,
    deposit: usdc(5),
    pricePer1000: usdc('0.5'),
    checkpointInterval: 500n,
    coSigner: app.address,
    ...more,
  })
  sessionIds.push(sessionId)
  return sessionId
}
const voucher = (sessionId: bigint, cumulativeTokens: bigint) =>
  renter.signVoucher({ sessionId, cumulativeTokens, coSigner: app })

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = actionsFixture(devnet)
  proxy = await startServiceProxy(devnet.rpcUrl)
  host = await fixture.createSelfPaid({ fab: '2000' })
  // Enough for the bonds of claims that it gives up.
  await host.registerHostSync({ models: ['llama-70b'], stake: fab(1500) })
  other = await fixture.createSelfPaidHost()
  renter = await fixture.createSelfPaid({ usdc: '1000' })
  arbiter = await fixture.createSelfPaid()
  await fixture.govern('marketplace', jobMarketplaceAbi, 'setArbiter', [arbiter.account.address])
  const limit = [devnet.contracts.usdc, parseUnits('10', 6)]
  await fixture.govern('marketplace', jobMarketplaceAbi, 'setMaxPending', limit)
  await playJobs()
  await playSessions()
  await playHosts()
}, 240_000)
afterEach(() => proxy?.answer())
afterAll(async () => {
  await proxy?.close()
  await devnet?.close()
})

/** Single jobs to every end there is. */
async function playJobs() {
  await post()
  await renter.cancelJobSync({ jobId: await post() })
  await renter.releasePaymentSync({ jobId: await submitted() })
  const [wins, loses, open] = [await submitted(), await submitted(), await submitted()]
  for (const jobId of [wins, loses, open]) await renter.disputeJobSync({ jobId })
  await arbiter.resolveDisputeSync({ jobId: wins, winner: host.account.address })
  await arbiter.resolveDisputeSync({ jobId: loses, winner: renter.account.address })
  const abandoned = await post()
  await host.claimJobSync({ jobId: abandoned })
  await host.abandonClaimSync({ jobId: abandoned })
  // Terms of what was posted before stay.
  await fixture.govern('marketplace', jobMarketplaceAbi, 'setFees', [800n, 300n])
  await fixture.govern('marketplace', jobMarketplaceAbi, 'setReviewWindow', [7200n])
  const [missed, stale, lapsed] = [await post(), await submitted(), await post()]
  await host.claimJobSync({ jobId: missed })
  await renter.disputeJobSync({ jobId: stale })
  await fixture.pass(3601)
  await other.refundExpiredJobSync({ jobId: missed })
  await other.refundExpiredJobSync({ jobId: lapsed })
  await fixture.pass(8 * 86_400)
  await other.resolveStaleDisputeSync({ jobId: stale })
  await post()
}

/** Sessions to every end there is, with attested work that matures, is challenged and is dropped. */
async function playSessions() {
  await renter.depositPrepaidSync({ amount: usdc(3) })
  const settled = await open()
  await host.checkpointSync({ sessionId: settled, voucher: await voucher(settled, 1000n) })
  await host.settleSessionSync({ sessionId: settled, voucher: await voucher(settled, 1500n) })
  const closing = await open({ model: 'llama-70b' })
  await renter.completeSessionSync({ sessionId: closing })
  const attested = { proofMode: 'attested' } as const
  const [decided, silent, dropped] = [
    await open(attested),
    await open(attested),
    await open(attested),
  ]
  const maturing = await open(attested)
  for (const sessionId of [decided, silent, dropped, maturing])
    await host.submitWorkSync({ sessionId, tokens: 1000n, transcriptHash: pad('0x07') })
  await renter.challengeWorkSync({ sessionId: decided })
  await arbiter.decideWorkSync({ sessionId: decided, worked: true })
  await renter.challengeWorkSync({ sessionId: silent })
  await host.settleSessionSync({ sessionId: dropped })
  const changed = await open()
  await renter.setCoSignerSync({ sessionId: changed, coSigner: freshKey().address })
  await fixture.pass(4 * 86_400)
  // The arbiter was silent: the work counts and the bond goes back.
  await other.timeoutSessionSync({ sessionId: silent })
  await open()
  await other.finalizeSessionSync({ sessionId: closing })
}

async function playHosts() {
  await host.setAcceptingSync({ accepting: false })
  await host.setAcceptingSync({ accepting: true })
  await host.setMetadataSync({ models: ['llama-70b', 'gpt-4'], region: 'eu-north' })
  await host.setMaxSessionsSync({ maxSessions: 9 })
  await host.setPriceSync({ pricePer1000: usdc('0.4') })
  await fixture.give.fab(host.account.address, '500')
  await host.addStakeSync({ amount: fab(500) })
  await host.requestUnstakeSync({ amount: fab(100) })
  await host.withdrawSync({ token: 'usdc' })
}

describe('rebuilt from events', () => {
  test('every job is what its views say', async () => {
    const statuses = new Set<string>()
    const watcher = renter.extend(eventActions)
    for (const jobId of jobIds) {
      const { job: rebuilt, escrow, events } = await watcher.getJobHistory({ jobId })
      const viewed = await renter.getJob({ jobId })
      expect(viewed).toMatchObject(rebuilt)
      expect(escrow).toEqual(await renter.getEscrow({ jobId }))
      expect(events[0]?.name).toBe('JobPosted')
      statuses.add(viewed.status)
    }
    const ends = ['cancelled', 'disputed', 'expired', 'failed', 'posted', 'released', 'resolved']
    expect([...statuses].toSorted()).toEqual(ends)
  })

  test('every session is what its view says', async () => {
    const statuses = new Set<string>()
    for (const sessionId of sessionIds) {
      const { session, settlement } = await getSessionHistory(renter, { sessionId })
      expect(session).toEqual(await renter.getSession({ sessionId }))
      expect(settlement === undefined).toBe(session.status !== 'settled')
      statuses.add(session.status)
    }
    expect([...statuses].toSorted()).toEqual(['active', 'settled'])
  })

  test('every balance is what is owed, with each change of it', async () => {
    for (const client of [host, other, renter, arbiter]) {
      const { balances, entries, jobs, sessions } = await getAccountHistory(client)
      expect(balances).toEqual(await client.getEarnings())
      const sum = entries.reduce((total, { amount }) => total + amount, 0n)
      expect(sum).toBe(balances.reduce((total, { value }) => total + value, 0n))
      if (client !== renter) continue
      expect(jobs.map(({ jobId }) => jobId)).toEqual(jobIds)
      expect(sessions).toEqual(
        await Promise.all(sessionIds.map((sessionId) => renter.getSession({ sessionId }))),
      )
    }
  })

  test('every host is what the registry says, obligations too', async () => {
    for (const { account } of [host, other]) {
      const { host: rebuilt, entries } = await getHostHistory(renter, { node: account.address })
      expect(rebuilt).toEqual(await renter.getNode({ node: account.address }))
      expect(entries.length > 0).toBe(account === host.account)
    }
  })

  test('an earlier block tells an earlier state', async () => {
    const [jobId = 0n] = jobIds.slice(2)
    const { events } = await getJobHistory(renter, { jobId })
    const claimed = events.find(({ name }) => name === 'JobClaimed')
    const before = await getJobHistory(renter, { jobId, toBlock: claimed?.blockNumber ?? 0n })
    expect(before.job.status).toBe('claimed')
    expect(before.blockNumber).toBe(claimed?.blockNumber)
  })

  test('a node that lags leaves nothing out of it', async () => {
    const jobId = await post()
    await renter.cancelJobSync({ jobId })
    const head = await publicClient().getBlockNumber()
    // By ranges it does not tell of its newest blocks, as nodes do that are behind.
    proxy.answer(async ({ method, params, id }, forward) => {
      const [filter] = params as [{ blockHash?: string }]
      const answer = await forward()
      if (method !== 'eth_getLogs' || filter.blockHash) return answer
      const logs = JSON.parse(answer).result as { blockNumber: Hex }[]
      return result(
        id,
        logs.filter(({ blockNumber }) => BigInt(blockNumber) + 3n < head),
      )
    })
    const client = { client: publicClient(proxy.url), contracts: devnet.contracts }
    const { job: rebuilt, events } = await getJobHistory(client, { jobId })
    expect(rebuilt.status).toBe('cancelled')
    const { timestamp } = await publicClient().getBlock({
      blockNumber: events.at(-1)?.blockNumber ?? 0n,
    })
    expect(events.at(-1)?.timestamp).toBe(Number(timestamp))
  })

  test('what is not there, or not from its beginning on, is said', async () => {
    await expect(getJobHistory(renter, { jobId: 10_000n })).rejects.toBeInstanceOf(
      HistoryNotFoundError,
    )
    const [jobId = 0n] = jobIds.slice(2)
    const { events } = await getJobHistory(renter, { jobId })
    const late = getJobHistory(renter, { jobId, fromBlock: (events[0]?.blockNumber ?? 0n) + 1n })
    await expect(late).rejects.toBeInstanceOf(HistoryIncompleteError)
  })
})

describe('the directory', () => {
  test('finds hosts with price and reputation, and asks the chain once in five minutes', async () => {
    const client = publicClient(proxy.url)
    let now = 0
    const directory = createHostDirectory(
      { client, contracts: devnet.contracts },
      { now: () => now, latencyOf: async ({ node }) => (node === host.account.address ? 50 : 80) },
    )
    const nodes = await directory.discover({ model: 'llama-70b' })
    expect(nodes.map(({ node }) => node).toSorted()).toEqual(
      [host, other].map(({ account }) => account.address).toSorted(),
    )
    const best = selectOptimalNode(nodes, { modelId: 'llama-70b', maxLatency: 60 })
    expect(best).toMatchObject({ node: host.account.address, pricePer1000: 400_000n })
    const { score } = await renter.getReputation({ host: host.account.address })
    expect(best.reputation).toBe(Number(score))

    const asked = () => proxy.seen('eth_call').length
    const before = asked()
    now = 299_999
    expect(await directory.discover({ model: 'llama-70b', region: 'eu-north' })).toHaveLength(1)
    expect(asked()).toBe(before)
    now = 300_000
    await directory.discover({ model: 'llama-70b' })
    expect(asked()).toBeGreaterThan(before)
  })
})

describe('the cache of balances and allowances', () => {
  test('reads a balance once a block, an allowance until its owner approves or sends', async () => {
    const client = publicClient(proxy.url)
    const cache = createTokenCache({ client, contracts: devnet.contracts }, { cacheTime: 0 })
    const owner = await fixture.createSelfPaid({ usdc: '10' })
    const { address } = owner.account
    const spender = freshKey().address
    const read = async () => {
      const before = proxy.seen('eth_call').length
      const balance = await cache.balance({ token: 'usdc', account: address })
      const allowance = await cache.allowance({ token: 'usdc', owner: address, spender })
      return { balance, allowance, calls: proxy.seen('eth_call').length - before }
    }
    expect(await read()).toEqual({ balance: 10_000_000n, allowance: 0n, calls: 2 })
    expect(await read()).toMatchObject({ calls: 0 })
    await fixture.pass(1)
    expect(await read()).toEqual({ balance: 10_000_000n, allowance: 0n, calls: 1 })

    const contract = { contract: devnet.contracts.usdc, abi: erc20Abi } as const
    await owner.batchSync([
      contractCall({ ...contract, functionName: 'approve', args: [spender, 7n] }),
    ])
    expect(await read()).toEqual({ balance: 10_000_000n, allowance: 7n, calls: 2 })
    await owner.batchSync([
      contractCall({ ...contract, functionName: 'transfer', args: [spender, 1_000_000n] }),
    ])
    expect(await read()).toEqual({ balance: 9_000_000n, allowance: 7n, calls: 2 })
  })
})

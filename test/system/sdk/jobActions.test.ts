import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jobMarketplaceAbi, proofSystemAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  claimJob,
  type EzklProof,
  eth,
  fab,
  getJobHistory,
  postJob,
  RoleRequiredError,
  refundExpiredJob,
  toModelId,
  usdc,
} from '@fabstir/sdk'
import { ContentMismatchError } from '@fabstir/sdk/content'
import { fileStore } from '@fabstir/sdk/content/file'
import { createHostDirectory, rankNodes } from '@fabstir/sdk/discovery'
import { type Hex, keccak256, pad, stringToHex, zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ActionsFixture, actionsFixture } from './actionsFixture.ts'
import type { WholeClient } from './wholeClient.ts'

let devnet: Devnet
let fixture: ActionsFixture
let host: WholeClient
let renter: WholeClient
let arbiter: WholeClient

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
/** USDC for jobs and FAB for bonds. One account posts ten jobs an hour at most. */
const purse = { usdc: '100', fab: '100' }
const hour = 3600
const day = 24 * hour

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = actionsFixture(devnet)
  host = await fixture.createHost()
  renter = await fixture.createSelfPaid(purse)
  arbiter = await fixture.createSelfPaid()
  const { address } = arbiter.account
  await fixture.govern('marketplace', jobMarketplaceAbi, 'setArbiter', [address])
  await fixture.govern('proofSystem', proofSystemAbi, 'setResolver', [address, true])
}, 180_000)
afterAll(() => devnet?.close())

/** A job that a host has claimed and handed a result in for. */
async function submittedJob(by: WholeClient, worker: WholeClient) {
  const { jobId } = await by.postJobSync(job)
  await worker.claimJobSync({ jobId })
  await worker.submitResultSync({ jobId, resultCid: 'bafyresult' })
  return jobId
}

describe('a job', () => {
  test('is taken back before anybody claims it', async () => {
    const { jobId } = await renter.postJobSync({ ...job, payment: eth('0.01') })
    expect(await renter.getEscrow({ jobId })).toMatchObject({
      status: 'active',
      token: zeroAddress,
    })
    expect(await renter.cancelJobSync({ jobId })).toMatchObject({ refund: eth('0.01').value })
    expect(await renter.withdrawSync({ token: 'eth' })).toMatchObject({
      amount: eth('0.01').value,
    })
  })

  test('that its host gives back pays the renter the claim bond', async () => {
    const worker = await fixture.createSelfPaidHost()
    const { jobId } = await renter.postJobSync(job)
    await renter.assertRole({ role: 'renter', jobId })
    await expect(worker.assertRole({ role: 'jobHost', jobId })).rejects.toBeInstanceOf(
      RoleRequiredError,
    )
    await worker.claimJobSync({ jobId })
    await worker.assertRole({ role: 'jobHost', jobId })
    expect(await worker.abandonClaimSync({ jobId })).toMatchObject({ forfeitedBond: fab(20).value })
    expect(await renter.getSlashed()).toBe(fab(20).value)
    expect(await renter.claimSlashedSync()).toMatchObject({
      recipient: renter.account.address,
      amount: fab(20).value,
    })
    await renter.cancelJobSync({ jobId })
  })

  test('that is disputed is decided by the arbiter, bond included', async () => {
    const jobId = await submittedJob(renter, host)
    const before = await renter.withdrawable({ token: 'usdc' })
    expect(await renter.quoteJobPayment({ jobId })).toEqual({
      host: 850_000n,
      protocol: 100_000n,
      stakers: 50_000n,
    })
    const dispute = await renter.disputeJobSync({ jobId })
    expect(dispute).toMatchObject({ jobId, by: renter.account.address })
    expect(await renter.getEscrow({ jobId })).toMatchObject({
      status: 'disputed',
      bond: dispute.bond,
      resolveBy: dispute.resolveBy,
    })
    await fixture.expectNothingApproved(renter)
    const decision = { jobId, winner: renter.account.address }
    await expect(renter.resolveDispute(decision)).rejects.toMatchObject({
      errorName: 'EscrowNotArbiter',
    })
    expect(await arbiter.resolveDisputeSync(decision)).toMatchObject({
      winner: renter.account.address,
      toHost: 0n,
      toRenter: 1_000_000n + dispute.bond,
    })
    const { value } = await renter.withdrawable({ token: 'usdc' })
    expect(value - before.value).toBe(1_000_000n + dispute.bond)
    const { withdrawals } = await renter.withdrawAllSync()
    expect(withdrawals).toMatchObject([{ token: devnet.contracts.usdc, amount: value }])
    expect(await renter.withdrawAllSync()).toMatchObject({ withdrawals: [] })
  })

  test('has a result that anybody reads by its id on chain, and that nobody else can put in its place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fabstir-results-'))
    try {
      const prompt = await fileStore({ folder }).put('What is a rollup?')
      const resultCid = await fileStore({ folder }).put('A chain that proves itself to another.')
      const { jobId } = await renter.postJobSync({ ...job, prompt })
      await host.claimJobSync({ jobId })
      await host.submitResultSync({ jobId, resultCid })
      const { events } = await getJobHistory(arbiter, { jobId })
      const completed = events.find(({ name }) => name === 'JobCompleted')
      if (completed?.name !== 'JobCompleted') throw new Error('the job has no result')
      const { resultCID } = completed.args
      const read = async () => new TextDecoder().decode(await fileStore({ folder }).get(resultCID))
      expect(await read()).toBe('A chain that proves itself to another.')
      await writeFile(join(folder, resultCID), 'A chain that proves itself to others.')
      await expect(read()).rejects.toBeInstanceOf(ContentMismatchError)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('is rated, and counts for its host', async () => {
    const jobId = await submittedJob(renter, host)
    const before = await host.getReputation()
    expect(before).toMatchObject({ ratings: 0n, completed: 0n })
    await renter.releasePaymentSync({ jobId })
    const rating = { jobId, rating: 5, feedback: 'fast' }
    const rated = await renter.rateHostSync(rating)
    expect(rated).toMatchObject({
      host: host.account.address,
      renter: renter.account.address,
      rating: 5n,
      counted: true,
    })
    expect(await host.getReputation()).toMatchObject({
      score: rated.score,
      completed: 1n,
      ratings: 1n,
      averageRating: 500n,
    })
    await expect(renter.rateHost(rating)).rejects.toMatchObject({
      errorName: 'ReputationAlreadyRated',
    })
    await expect(renter.recordCompletion({ jobId })).rejects.toMatchObject({
      errorName: 'ReputationAlreadyRecorded',
    })
    const [usdcEarned] = await host.getEarnings({ tokens: ['usdc'] })
    expect(usdcEarned?.value).toBeGreaterThanOrEqual(850_000n)
    expect((await renter.getJobs({ from: jobId, limit: 1 })).map(({ status }) => status)).toEqual([
      'released',
    ])
    expect(await renter.distributeFeesSync({ token: 'usdc' })).toMatchObject({ protocol: 100_000n })
  })
})

describe('proofs', () => {
  const verifier = '0x7e00000000000000000000000000000000000007'
  const modelCommitment = pad('0x0c')
  const input = keccak256(stringToHex('input')).replace(/^0x../, '0x00') as Hex
  const output = pad('0x0d')
  const vkHash = pad('0x0e')

  beforeAll(async () => {
    renter = await fixture.createSelfPaid(purse)
    await fixture.setVerifier(verifier, true)
    const layout = { modelCommitment, count: 4, binding: 3, inputs: 0, outputs: 0 }
    const circuit = [toModelId('llama-70b'), verifier, vkHash, layout]
    await fixture.govern('proofSystem', proofSystemAbi, 'registerCircuit', circuit)
  })

  const proven = { ...job, prompt: input, requiresProof: true }
  const proofOf = async (jobId: bigint): Promise<EzklProof> => {
    const binding = await host.getProofBinding({ jobId, modelCommitment })
    return {
      instances: [modelCommitment, input, output].map(BigInt).concat(binding),
      proof: '0x1234',
      vk: vkHash,
      modelCommitment,
      inputHash: input,
      outputHash: output,
    }
  }
  const claimed = async (parameters: Parameters<WholeClient['postJob']>[0]) => {
    const { jobId } = await renter.postJobSync(parameters)
    await host.claimJobSync({ jobId })
    return jobId
  }

  test('a result is handed in with its proof, verified in the same call', async () => {
    expect(await renter.getCircuit({ model: 'llama-70b' })).toMatchObject({ verifier, count: 4 })
    const jobId = await claimed(proven)
    await expect(host.completeJob({ jobId, resultCid: 'bafy' })).rejects.toMatchObject({
      errorName: 'JobProofRequired',
    })
    await host.completeJobSync({ jobId, resultCid: 'bafy', proof: await proofOf(jobId) })
    expect(await renter.getProof({ jobId })).toMatchObject({
      status: 'verified',
      host: host.account.address,
      payoutBlocked: false,
    })
  })

  test('a proof that is submitted later is verified by anybody, one or many', async () => {
    const posts = [0, 1, 2].map(() => postJob.call({ ...job, prompt: input }))
    const ids = (await renter.batchSync(posts)).map(({ jobId }) => jobId)
    await host.batchSync(ids.map((jobId) => claimJob.call({ jobId })))
    const proofs = []
    for (const jobId of ids) {
      await host.submitResultSync({ jobId, resultCid: 'bafy' })
      const proof = await proofOf(jobId)
      expect(await host.submitProofSync({ jobId, proof })).toMatchObject({
        jobId,
        inputHash: input,
      })
      proofs.push({ jobId, proof })
    }
    const [first, ...others] = proofs
    if (!first) throw new Error('three proofs')
    expect(await renter.getProof(first)).toMatchObject({ status: 'submitted', payoutBlocked: true })
    expect(await renter.verifyProofSync(first)).toMatchObject({
      jobId: first.jobId,
      host: host.account.address,
      valid: true,
    })
    await fixture.setVerifier(verifier, false)
    expect(await renter.verifyProofManySync({ proofs: others })).toMatchObject({
      proofs: others.map(({ jobId }) => ({ jobId, valid: false })),
    })
    await fixture.setVerifier(verifier, true)
    for (const { jobId } of others)
      expect(await renter.getJob({ jobId })).toMatchObject({ status: 'failed' })
  })

  test('a challenge takes a bond, shows its evidence and is decided', async () => {
    const salt = pad('0x5a')
    const jobId = await submittedJob(renter, await fixture.createSelfPaidHost())
    const evidence = { evidenceCid: 'bafyevidence', salt }
    const { challengeId } = await renter.challengeProofSync({ jobId, ...evidence })
    await fixture.expectNothingApproved(renter)
    expect(await renter.getChallenge({ jobId })).toMatchObject({
      challengeId,
      status: 'committed',
      bond: fab(10).value,
    })
    await expect(renter.releasePayment({ jobId })).rejects.toMatchObject({
      errorName: 'JobPayoutBlocked',
    })
    await renter.revealEvidenceSync({ challengeId, ...evidence })
    const decision = { challengeId, upheld: true }
    await expect(renter.resolveChallenge(decision)).rejects.toMatchObject({
      errorName: 'ChallengeNotResolver',
    })
    expect(await arbiter.resolveChallengeSync(decision)).toMatchObject({
      outcome: 'upheld',
      bondTo: renter.account.address,
      bond: fab(10).value,
    })
    expect(await renter.getJob({ jobId })).toMatchObject({ status: 'failed' })
    expect(await renter.getWithdrawableBond()).toBe(fab(10).value)
    expect(await renter.withdrawBondSync()).toMatchObject({ amount: fab(10).value })
  })
})

describe('as time goes by', () => {
  test('a job that is done puts its host first, and one that its host lets expire puts it behind again', async () => {
    const renter = await fixture.createSelfPaid(purse)
    const createStaked = async () => {
      const staked = await fixture.createSelfPaid({ fab: '1500' })
      await staked.registerHostSync({ models: [job.model], stake: fab(1500) })
      return staked
    }
    // With stake left after a bond is lost.
    const hosts = [await createStaked(), await createStaked()]
    const weights = { price: 0, latency: 0, reputation: 1 }
    const ranking = async () => {
      const found = await createHostDirectory(renter).discover({ model: job.model })
      return rankNodes(found, { modelId: job.model, weights })
        .map(({ node: { node } }) => hosts.find(({ account }) => account.address === node))
        .filter((each) => each !== undefined)
    }
    const [leader, follower] = await ranking()
    if (!leader || !follower) throw new Error('the hosts are not found')
    const jobId = await submittedJob(renter, follower)
    await renter.releasePaymentSync({ jobId })
    const names = async () => (await ranking()).map(({ account }) => account.address)
    expect(await names()).toEqual([follower, leader].map(({ account }) => account.address))
    const late = await renter.postJobSync({ ...job, completeWithin: '1h' })
    await follower.claimJobSync(late)
    await fixture.pass(hour + 1)
    await renter.batchSync([refundExpiredJob.call(late)])
    expect(await names()).toEqual([leader, follower].map(({ account }) => account.address))
  })

  test('jobs are released, refunded and resolved by anybody, and stake comes back', async () => {
    const [renter, worker] = [
      await fixture.createSelfPaid(purse),
      await fixture.createSelfPaidHost(),
    ]
    const released = await submittedJob(renter, worker)
    const disputed = await submittedJob(renter, worker)
    await renter.disputeJobSync({ jobId: disputed })
    const { jobId: expired } = await renter.postJobSync({ ...job, completeWithin: '1h' })
    const open = await renter.challengeProofSync({
      jobId: await submittedJob(renter, worker),
      evidenceCid: 'bafy',
      salt: pad('0x01'),
    })
    const { reviewWindow, arbiterWindow, unbondingPeriod, revealWindow } =
      await renter.getProtocol()
    await expect(arbiter.autoRelease({ jobId: released })).rejects.toMatchObject({
      errorName: 'JobReviewOpen',
    })

    await fixture.pass(reviewWindow + BigInt(hour))
    expect(await arbiter.autoReleaseSync({ jobId: released })).toMatchObject({
      host: worker.account.address,
      hostAmount: 850_000n,
    })
    const [refund] = await arbiter.batchSync([refundExpiredJob.call({ jobId: expired })])
    expect(refund).toEqual({ jobId: expired, refund: 1_000_000n })

    await fixture.pass(revealWindow)
    expect(await arbiter.expireChallengeSync(open)).toMatchObject({ outcome: 'rejected' })
    await fixture.pass(arbiterWindow)
    expect(await arbiter.resolveStaleDisputeSync({ jobId: disputed })).toMatchObject({
      winner: undefined,
      toHost: 500_000n,
    })
    await arbiter.autoReleaseSync({ jobId: open.jobId })

    await worker.requestUnstakeSync({ amount: fab(1000) })
    await fixture.pass(unbondingPeriod + BigInt(day))
    expect(await worker.withdrawUnstakedSync()).toMatchObject({ amount: fab(1000).value })
    expect(await fixture.balanceOf(devnet.contracts.fab, worker.account.address)).toBe(
      fab(1000).value,
    )
  })
})

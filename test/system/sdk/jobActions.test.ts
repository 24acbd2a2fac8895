import { jobMarketplaceAbi, proofSystemAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  ContractRevertedError,
  claimJob,
  type EzklProof,
  eth,
  type FabstirClient,
  fab,
  InsufficientBalanceError,
  postJob,
  RoleRequiredError,
  refundExpiredJob,
  setAccepting,
  setMaxSessions,
  toModelId,
  usdc,
} from '@fabstir/sdk'
import {
  type Hex,
  http,
  keccak256,
  maxUint256,
  pad,
  stringToHex,
  type Transport,
  zeroAddress,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshKey } from '../sdkFixture.ts'
import { type ActionsFixture, actionsFixture } from './actionsFixture.ts'

let devnet: Devnet
let fixture: ActionsFixture
let host: FabstirClient
let renter: FabstirClient
let arbiter: FabstirClient

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
const hostKey = freshKey()
const hour = 3600
const day = 24 * hour

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = actionsFixture(devnet)
  host = await fixture.createHost({ owner: hostKey })
  renter = await createRenter()
  arbiter = await fixture.createSelfPaid()
  const { address } = arbiter.account
  await fixture.govern('marketplace', jobMarketplaceAbi, 'setArbiter', [address])
  await fixture.govern('proofSystem', proofSystemAbi, 'setResolver', [address, true])
}, 180_000)
afterAll(() => devnet?.close())

/** With USDC for jobs and FAB for bonds. One account posts ten jobs an hour at most. */
async function createRenter() {
  const client = await fixture.createSelfPaid()
  await fixture.give.usdc(client.account.address, '100')
  await fixture.give.fab(client.account.address, '100')
  return client
}

async function createHost() {
  const client = await fixture.createSelfPaid()
  await fixture.give.fab(client.account.address, '1000')
  await client.registerHostSync({ models: ['llama-70b'] })
  return client
}

/** A job that a host has claimed and handed a result in for. */
async function submittedJob(by: FabstirClient, worker: FabstirClient) {
  const { jobId } = await by.postJobSync(job)
  await worker.claimJobSync({ jobId })
  await worker.submitResultSync({ jobId, resultCid: 'bafyresult' })
  return jobId
}

describe('a host, sponsored', () => {
  test('publishes what it is, what it serves and what it asks', async () => {
    const node = host.account.address
    const metadata = { gpu: 'h100', models: ['llama-70b', 'gpt-4'], region: 'eu' }
    expect(await host.setMetadataSync(metadata)).toMatchObject({ node, metadata })
    const model = toModelId('llama-70b')
    expect(await host.setModelsSync({ models: ['llama-70b'] })).toMatchObject({ models: [model] })
    const pricePer1000 = usdc('0.0002')
    expect(await host.setPriceSync({ model: 'llama-70b', pricePer1000 })).toMatchObject({
      model,
      pricePer1000: 200n,
    })
    expect(await host.setMaxSessionsSync({ maxSessions: 8 })).toMatchObject({ maxSessions: 8n })
    const terms = { host: node, token: 'usdc' } as const
    expect(await host.getHostTerms({ ...terms, model: 'llama-70b' })).toEqual({
      accepting: true,
      maxSessions: 8,
      minimumPricePer1000: pricePer1000,
      models: [model],
      coveredClaims: 50n,
    })
    expect(await host.getHostTerms({ ...terms, model: 'gpt-4' })).toMatchObject({
      accepting: false,
    })
    expect(await host.findHosts({ region: 'eu' })).toMatchObject([{ node, metadata }])
  })

  test('closes for new work and opens again, two settings in one operation', async () => {
    const [closed, capped] = await host.batchSync([
      setAccepting.call({ accepting: false }),
      setMaxSessions.call({ maxSessions: 0 }),
    ])
    expect([closed.accepting, capped.maxSessions]).toEqual([false, 0n])
    expect(await renter.hasRole({ role: 'acceptingHost', account: host.account.address })).toBe(
      false,
    )
    expect(await host.setAcceptingSync({ accepting: true })).toMatchObject({ accepting: true })
    expect(await host.hasRole({ role: 'acceptingHost' })).toBe(true)
  })

  test('adds stake in one operation and leaves nothing approved', async () => {
    const node = host.account.address
    await fixture.give.fab(node, '30')
    expect(await host.addStakeSync({ amount: fab(30) })).toMatchObject({
      node,
      amount: fab(30).value,
      stake: fab(1030).value,
    })
    await fixture.expectNothingApproved(host)
    await expect(host.addStake({ amount: fab(1) })).rejects.toBeInstanceOf(InsufficientBalanceError)
    expect(await host.requestUnstakeSync({ amount: fab(10) })).toMatchObject({
      amount: fab(10).value,
    })
    const early = host.withdrawUnstaked()
    await expect(early).rejects.toMatchObject({ errorName: 'NodeRegistryStillUnbonding' })
  })
})

describe('a node that another account pays', () => {
  test('is offered, accepted, staked and left by its controller', async () => {
    const controller = await fixture.createSelfPaid()
    const operator = await fixture.createSelfPaid()
    await fixture.give.fab(controller.account.address, '2100')
    const of = { operator: operator.account.address }
    const metadata = { models: ['llama-70b'], region: 'us' }
    const offer = { ...of, controller: controller.account.address, stake: fab(1000).value }
    expect(await controller.registerControlledNodeSync({ ...of, ...metadata })).toMatchObject({
      ...offer,
      metadata,
    })
    await fixture.expectNothingApproved(controller)
    const pending = { operator: offer.operator, controller: offer.controller }
    expect(await operator.getPendingControl(pending)).toEqual({ stake: offer.stake, metadata })

    const { node } = await operator.acceptControlSync({ controller: offer.controller })
    expect(node).toBe(offer.operator)
    expect(await operator.getPendingControl(pending)).toBeUndefined()
    expect(await controller.hasRole({ role: 'controller', ...of })).toBe(true)
    expect(await controller.addStakeSync({ ...of, amount: fab(100) })).toMatchObject({
      node,
      stake: fab(1100).value,
    })
    expect(await controller.requestUnstakeSync({ ...of, amount: fab(50) })).toMatchObject({ node })
    expect(await controller.unregisterHostSync(of)).toMatchObject({ node })
    await expect(controller.withdrawUnstaked(of)).rejects.toMatchObject({
      errorName: 'NodeRegistryStillUnbonding',
    })

    const second = await fixture.createSelfPaid()
    const unwanted = { operator: second.account.address }
    await controller.registerControlledNodeSync({ ...unwanted, ...metadata })
    expect(await controller.cancelControlledNodeSync(unwanted)).toMatchObject({
      ...unwanted,
      stake: fab(1000).value,
    })
  })
})

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
    const { jobId } = await renter.postJobSync(job)
    await renter.assertRole({ role: 'renter', jobId })
    await expect(host.assertRole({ role: 'jobHost', jobId })).rejects.toBeInstanceOf(
      RoleRequiredError,
    )
    await host.claimJobSync({ jobId })
    await host.assertRole({ role: 'jobHost', jobId })
    expect(await host.abandonClaimSync({ jobId })).toMatchObject({ forfeitedBond: fab(20).value })
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
    renter = await createRenter()
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
  const claimed = async (parameters: Parameters<FabstirClient['postJob']>[0]) => {
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
    const jobId = await submittedJob(renter, await createHost())
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

describe('preflight and refusals', () => {
  test('says what actions would do and cost, without sending or reserving anything', async () => {
    const sponsored = await fixture.createRenter('1')
    const { jobId } = await renter.postJobSync(job)
    const asked: string[] = []
    const claimer = await fixture.createClient({
      owner: hostKey,
      transport: recorded(http(devnet.bundlerUrl), asked),
      paymaster: recorded(fixture.sponsor(), asked),
    })
    const { calls, gas } = await claimer.preflight([claimJob.call({ jobId })])
    expect(new Set(asked)).toEqual(
      new Set([
        'pimlico_getUserOperationGasPrice',
        'pm_getPaymasterStubData',
        'eth_estimateUserOperationGas',
      ]),
    )
    expect(calls).toMatchObject([{ to: devnet.contracts.marketplace }])
    expect(gas.callGasLimit).toBeGreaterThan(0n)
    expect(await renter.getJob({ jobId })).toMatchObject({ status: 'posted' })
    const refused = sponsored.preflight([claimJob.call({ jobId })])
    await expect(refused).rejects.toBeInstanceOf(ContractRevertedError)
    await expect(refused).rejects.toMatchObject({ errorName: 'MarketplaceHostNotActive' })
    await expect(
      sponsored.preflight([setAccepting.call({ accepting: true }), claimJob.call({ jobId })]),
    ).rejects.toMatchObject({ errorName: 'NodeRegistryNotRegistered' })
    await renter.cancelJobSync({ jobId })
  })

  test('an unknown job is a revert with its name and arguments', async () => {
    const unknown = renter.cancelJob({ jobId: 999n })
    await expect(unknown).rejects.toBeInstanceOf(ContractRevertedError)
    await expect(unknown).rejects.toMatchObject({ errorName: 'JobWrongStatus', args: [999n, 0, 1] })
    await expect(renter.getEscrow({ jobId: 999n })).rejects.toMatchObject({
      errorName: 'EscrowUnknown',
    })
    await expect(renter.withdraw({ token: 'fab' })).rejects.toMatchObject({
      errorName: 'MarketplaceNothingToWithdraw',
    })
    await expect(renter.claimRewards({ token: pad('0x01', { size: 20 }) })).rejects.toMatchObject({
      errorName: 'StakersPoolRewardUnknown',
    })
    await expect(renter.unstake({ positionId: maxUint256, amount: fab(1) })).rejects.toMatchObject({
      errorName: 'StakersPoolUnknownPosition',
    })
  })
})

describe('as time goes by', () => {
  test('jobs are released, refunded and resolved by anybody, and stake comes back', async () => {
    const [renter, worker] = [await createRenter(), await createHost()]
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

/** A transport that writes down what it is asked. */
function recorded(transport: Transport, asked: string[]): Transport {
  return (parameters) => {
    const { request, ...rest } = transport(parameters)
    const record: typeof request = (args) => {
      asked.push(args.method)
      return request(args)
    }
    return { ...rest, request: record }
  }
}

import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  ContractRevertedError,
  claimJob,
  fab,
  InsufficientBalanceError,
  setAccepting,
  setMaxSessions,
  toModelId,
  usdc,
} from '@fabstir/sdk'
import { http, maxUint256, pad, type Transport } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { devnetAccounts } from '../../../devnet/src/keys.ts'
import { freshKey } from '../sdkFixture.ts'
import { type ActionsFixture, actionsFixture } from './actionsFixture.ts'
import type { WholeClient } from './wholeClient.ts'

let devnet: Devnet
let fixture: ActionsFixture
let host: WholeClient
let renter: WholeClient
const hostKey = freshKey()
const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
const hour = 3600

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = actionsFixture(devnet)
  host = await fixture.createHost({ owner: hostKey })
  renter = await fixture.createSelfPaid({ usdc: '100' })
}, 180_000)
afterAll(() => devnet?.close())

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
})

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
    const controller = await fixture.createSelfPaid({ fab: '2100' })
    const operator = await fixture.createSelfPaid()
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

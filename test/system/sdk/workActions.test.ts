import { dynamicPricingAbi, jobMarketplaceAbi, proofSystemAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import { ContractRevertedError, fab, toModelId, usdc } from '@fabstir/sdk'
import { pad, parseUnits } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshKey } from '../sdkFixture.ts'
import { type ActionsFixture, actionsFixture } from './actionsFixture.ts'
import type { WholeClient } from './wholeClient.ts'

let devnet: Devnet
let fixture: ActionsFixture
let host: WholeClient
let renter: WholeClient
let arbiter: WholeClient
const app = freshKey()
const price = usdc('0.5')
const interval = { checkpointInterval: 500n }

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = actionsFixture(devnet)
  host = await fixture.createHost()
  renter = await fixture.createSelfPaid({ usdc: '1000' })
  arbiter = await fixture.createSelfPaid()
  await fixture.govern('marketplace', jobMarketplaceAbi, 'setArbiter', [arbiter.account.address])
}, 180_000)
afterAll(() => devnet?.close())

const terms = () => ({ host: host.account.address, pricePer1000: price, ...interval })
const open = async (more: Partial<Parameters<WholeClient['openSession']>[0]> = {}) => {
  const session = { ...terms(), deposit: usdc(5), coSigner: app.address, ...more }
  return (await renter.openSessionSync(session)).sessionId
}
const voucher = (sessionId: bigint, cumulativeTokens: bigint) =>
  renter.signVoucher({ sessionId, cumulativeTokens, coSigner: app })

describe('attested work', () => {
  beforeAll(async () => {
    const limit = [devnet.contracts.usdc, parseUnits('10', 6)]
    await fixture.govern('marketplace', jobMarketplaceAbi, 'setMaxPending', limit)
  })
  const attested = { proofMode: 'attested' } as const

  test('is challenged with an approved bond, and decided', async () => {
    await renter.withdrawAllSync()
    expect(await renter.getAcceptedToken({ token: 'usdc' })).toMatchObject({
      accepted: true,
      maxPending: 10_000_000n,
    })
    const sessionId = await open(attested)
    const work = await host.submitWorkSync({
      sessionId,
      tokens: 1000n,
      transcriptHash: pad('0x07'),
    })
    expect(work).toMatchObject({ cumulativeTokens: 1000n, transcriptHash: pad('0x07') })
    expect(await renter.getAttestedWork({ sessionId })).toEqual({
      tokens: 1000n,
      maturesAt: work.maturesAt,
      value: 500_000n,
      bond: 0n,
      challenged: false,
    })
    expect(await renter.challengeWorkSync({ sessionId })).toMatchObject({ bond: 5000n })
    await fixture.expectNothingApproved(renter)
    const decision = { sessionId, worked: false }
    await expect(renter.decideWork(decision)).rejects.toMatchObject({
      errorName: 'SessionNotArbiter',
    })
    expect(await arbiter.decideWorkSync(decision)).toMatchObject(decision)
    expect(await renter.withdrawable({ token: 'usdc' })).toEqual(usdc('0.005'))
    expect(await renter.getSession({ sessionId })).toMatchObject({ provenTokens: 0n })
    await host.settleSessionSync({ sessionId })
  })

  test('of several sessions goes in one call; a bond may come out of what is owed', async () => {
    const [first, second] = [await open(attested), await open(attested)]
    const { work } = await host.submitWorkManySync({
      work: [
        { sessionId: first, tokens: 500n },
        { sessionId: second, tokens: 700n },
      ],
    })
    expect(work.map(({ sessionId, cumulativeTokens }) => [sessionId, cumulativeTokens])).toEqual([
      [first, 500n],
      [second, 700n],
    ])
    const before = await renter.withdrawable({ token: 'usdc' })
    const { bond } = await renter.challengeWorkSync({ sessionId: second })
    const after = await renter.withdrawable({ token: 'usdc' })
    expect(before.value - after.value).toBe(bond)
    await arbiter.decideWorkSync({ sessionId: second, worked: true })
    expect(await renter.getSession({ sessionId: second })).toMatchObject({ provenTokens: 700n })
    await host.settleManySync({ sessionIds: [first, second] })
  })
})

describe('a model', () => {
  const named = { name: 'llama-70b', version: '3.1' }
  const modelId = toModelId(named)
  let seller: WholeClient

  beforeAll(async () => {
    seller = await fixture.createSelfPaidHost()
  })

  test('is listed, offered, quoted and taken off the list', async () => {
    const [listing, other] = [
      { ...named, metadata: 'ipfs://a' },
      { name: 'x', version: '1' },
    ]
    expect(await seller.listModelSync(listing)).toMatchObject({ modelId, ...listing })
    await seller.listModelSync({ ...other, metadata: 'm' })
    await seller.updateModelSync({ model: named, metadata: 'ipfs://b' })
    expect(await renter.getModel({ model: named })).toMatchObject({
      publisher: seller.account.address,
      uses: 0,
    })
    await seller.assertRole({ role: 'publisher', model: named })
    expect(await seller.delistModelSync({ model: other })).toEqual({
      modelId: toModelId(other),
      userOperationHash: expect.stringMatching(/^0x/),
    })
    expect(await renter.getModels()).toEqual({ modelIds: [modelId], count: 2n })

    const offer = { model: modelId, pricePer1000: price, pricePerMinute: usdc('0.02') }
    expect(await seller.setOfferSync(offer)).toMatchObject({ pricePer1000: 500_000n })
    const of = { model: modelId, token: 'usdc' } as const
    expect(await renter.getOffers(of)).toEqual([
      {
        host: seller.account.address,
        pricePer1000: 500_000n,
        pricePerMinute: 20_000n,
        accepting: true,
      },
    ])
    expect(await renter.findCheapestHost({ ...of, unit: 'minutes' })).toEqual({
      host: seller.account.address,
      price: usdc('0.02'),
    })
    const work = { ...of, host: seller.account.address }
    expect(await renter.quoteWork({ ...work, tokens: 12_000n })).toEqual(usdc(6))
    expect(await renter.quoteWork({ ...work, minutes: 3n })).toEqual(usdc('0.06'))
    await seller.removeOfferSync(of)
    await expect(renter.quoteWork({ ...work, tokens: 1n })).rejects.toBeInstanceOf(
      ContractRevertedError,
    )
    expect(await renter.findCheapestHost(of)).toBeUndefined()
  })

  test('counts the sessions that ran it, and its price rises with them', async () => {
    await fixture.govern('dynamicPricing', dynamicPricingAbi, 'setCapacity', [modelId, 1000n])
    const sessionId = await open({ model: named })
    await host.settleSessionSync({ sessionId, voucher: await voucher(sessionId, 1000n) })
    expect(await renter.recordModelUseSync({ sessionId })).toMatchObject({ modelId, tokens: 1000n })
    expect(await renter.getModel({ model: modelId })).toMatchObject({ uses: 1, tokens: 1000n })
    const quiet = await renter.getDemand({ model: modelId, basePrice: price })
    expect(quiet).toMatchObject({ price, capacity: 1000n, surgeBps: 10_000n })
    expect(await renter.recordDemandSync({ sessionId })).toMatchObject({ modelId })
    const busy = await renter.getDemand({ model: modelId, basePrice: price })
    expect(busy.price.value).toBeGreaterThan(price.value)
    expect(busy.utilisationBps).toBeGreaterThan(0n)
  })
})

describe('verified work', () => {
  const verifier = '0x7e00000000000000000000000000000000000007'
  const modelCommitment = pad('0x0c')

  test('counts by a proof, and settles by the last one', async () => {
    await fixture.setVerifier(verifier, true)
    const layout = { modelCommitment, count: 4, binding: 3, inputs: 0, outputs: 0 }
    const circuit = [toModelId('tiny'), verifier, pad('0x0e'), layout]
    await fixture.govern('proofSystem', proofSystemAbi, 'registerCircuit', circuit)
    const sessionId = await open({ model: 'tiny', proofMode: 'verified' })
    const proofOf = async (cumulativeTokens: bigint) => {
      const count = { jobId: sessionId, cumulativeTokens, modelCommitment }
      const binding = await host.getProofBinding(count)
      return { instances: [BigInt(modelCommitment), 1n, 2n, binding], proof: '0x12' } as const
    }
    const other = { sessionId, tokens: 600n, proof: await proofOf(500n) }
    await expect(host.submitWork(other)).rejects.toMatchObject({
      errorName: 'ProofSystemInstanceMismatch',
    })
    const work = { sessionId, tokens: 500n, proof: await proofOf(500n) }
    expect(await host.submitWorkSync(work)).toMatchObject({ cumulativeTokens: 500n })
    const last = { sessionId, tokens: 240n, proof: await proofOf(740n) }
    expect(await host.settleWithProofSync(last)).toMatchObject({ sessionId, host: 314_500n })
  })
})

describe('revenue from outside of the marketplace', () => {
  test('is divided 85 / 10 / 5 with nothing left approved, and paid out', async () => {
    const earner = await fixture.createSelfPaid()
    const split = await renter.splitRevenueSync({
      amount: usdc(10),
      host: earner.account.address,
    })
    expect(split).toMatchObject({
      host: earner.account.address,
      toHost: 8_500_000n,
      toTreasury: 1_000_000n,
      toStakers: 500_000n,
    })
    await fixture.expectNothingApproved(renter)
    expect(await earner.withdrawableRevenue({ token: 'usdc' })).toEqual(usdc('8.5'))
    expect(await earner.withdrawRevenueSync({ token: 'usdc' })).toMatchObject({
      amount: 8_500_000n,
      to: earner.account.address,
    })
    expect(await earner.withdrawableRevenue({ token: 'usdc' })).toEqual(usdc(0))
    await expect(earner.withdrawRevenue({ token: 'usdc' })).rejects.toMatchObject({
      errorName: 'RevenueSplitterNothingToWithdraw',
    })
  })

  test('what the stakers were sent silently becomes their reward; a locked position does not lapse', async () => {
    await fixture.give.usdc(devnet.contracts.stakersPool, '3')
    expect(await renter.syncRewardsSync({ token: 'usdc' })).toMatchObject({ amount: 3_000_000n })
    const staker = await fixture.createSelfPaid({ fab: '5000' })
    const { positionId } = await staker.stakeSync({ tier: 'bronze', amount: fab(5000) })
    const { address: account } = staker.account
    await expect(renter.lapsePosition({ account, positionId })).rejects.toMatchObject({
      errorName: 'StakersPoolLocked',
    })
    await fixture.pass(400n * 24n * 3600n)
    expect(await renter.lapsePositionSync({ account, positionId })).toMatchObject({
      account,
      positionId,
    })
  })

  test('is spent by keepers only', async () => {
    await expect(renter.buyBack({ amount: usdc(1), minimum: fab(1) })).rejects.toMatchObject({
      errorName: 'BuybackNotKeeper',
    })
  })
})

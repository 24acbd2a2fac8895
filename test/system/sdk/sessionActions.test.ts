import {
  dynamicPricingAbi,
  fabTokenAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  proofSystemAbi,
} from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  ContractRevertedError,
  checkpoint,
  eth,
  type FabstirClient,
  fab,
  finalTypedData,
  quoteTypedData,
  sessionKeyAddress,
  settleSession,
  toModelId,
  usdc,
} from '@fabstir/sdk'
import {
  createWalletClient,
  hashTypedData,
  http,
  type LocalAccount,
  pad,
  parseUnits,
  zeroAddress,
  zeroHash,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { softwareP256Key } from '../../fixtures/softwareKeys.ts'
import { freshKey } from '../sdkFixture.ts'
import { type ActionsFixture, actionsFixture } from './actionsFixture.ts'

let devnet: Devnet
let fixture: ActionsFixture
let host: FabstirClient
let renter: FabstirClient
let arbiter: FabstirClient
const app = freshKey()
const price = usdc('0.5')
const interval = { checkpointInterval: 500n }

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = actionsFixture(devnet)
  host = await fixture.createHost()
  renter = await fixture.createSelfPaid()
  arbiter = await fixture.createSelfPaid()
  await fixture.give.usdc(renter.account.address, '1000')
  await fixture.govern('marketplace', jobMarketplaceAbi, 'setArbiter', [arbiter.account.address])
}, 180_000)
afterAll(() => devnet?.close())

const terms = () => ({ host: host.account.address, pricePer1000: price, ...interval })
const open = async (more: Partial<Parameters<FabstirClient['openSession']>[0]> = {}) => {
  const session = { ...terms(), deposit: usdc(5), coSigner: app.address, ...more }
  return (await renter.openSessionSync(session)).sessionId
}
const voucher = (sessionId: bigint, cumulativeTokens: bigint) =>
  renter.signVoucher({ sessionId, cumulativeTokens, coSigner: app })

describe('ways to open a session', () => {
  test('in ETH, which goes as value', async () => {
    const sessionId = await open({ deposit: eth('0.5'), pricePer1000: eth('0.001') })
    expect(await renter.getSession({ sessionId })).toMatchObject({
      token: zeroAddress,
      deposit: eth('0.5').value,
      model: zeroHash,
      proofMode: 'coSigned',
    })
    expect(await host.settleSessionSync({ sessionId })).toMatchObject({ renter: eth('0.5').value })
  })

  test('from a prepaid deposit, without any approval', async () => {
    expect(await renter.depositPrepaidSync({ amount: usdc(20) })).toMatchObject({
      account: renter.account.address,
      amount: 20_000_000n,
    })
    await fixture.expectNothingApproved(renter)
    const before = await renter.withdrawable({ token: 'usdc' })
    const session = { ...terms(), deposit: usdc(5), coSigner: app.address }
    const { sessionId } = await renter.openSessionFromDepositSync(session)
    const after = await renter.withdrawable({ token: 'usdc' })
    expect(before.value - after.value).toBe(5_000_000n)
    await host.settleSessionSync({ sessionId })
    const tooMuch = renter.openSessionFromDeposit({ ...session, deposit: usdc(500) })
    await expect(tooMuch).rejects.toMatchObject({ errorName: 'MarketplaceBalanceTooLow' })
  })

  test('with the account’s default co-signer, which can be replaced', async () => {
    const session = { ...terms(), deposit: usdc(5) }
    await expect(renter.openSession(session)).rejects.toMatchObject({
      errorName: 'SessionCoSignerRequired',
    })
    expect(await renter.setDefaultCoSignerSync({ coSigner: app.address })).toMatchObject({
      coSigner: app.address,
    })
    const { sessionId } = await renter.openSessionSync(session)
    expect(await renter.getSession({ sessionId })).toMatchObject({ coSigner: app.address })
    const next = freshKey()
    const change = await renter.setCoSignerSync({ sessionId, coSigner: next.address })
    expect(change).toMatchObject({ sessionId, coSigner: next.address })
    expect((await renter.getHostSessions({ host: host.account.address })).sessionIds).toContain(
      sessionId,
    )
    await host.claimAbandonedSessionSync({ sessionId })
    expect((await host.getHostSessions()).sessionIds).not.toContain(sessionId)
  })
})

describe('a quote', () => {
  const cheap = usdc('0.1')

  test('that a smart account signed opens a session below its public price', async () => {
    await host.setPriceSync({ pricePer1000: usdc('0.4') })
    const session = { deposit: usdc(5), coSigner: app.address, ...interval }
    await expect(
      renter.openSession({ ...session, host: host.account.address, pricePer1000: cheap }),
    ).rejects.toMatchObject({ errorName: 'SessionPriceBelowMinimum' })

    const { address } = renter.account
    const signed = await host.signQuote({ pricePer1000: cheap, renter: address, expiresIn: '1h' })
    const quote = JSON.parse(JSON.stringify(signed))
    expect(await renter.verifyQuote({ quote })).toBe(true)
    const { sessionId } = await renter.openSessionWithQuoteSync({ ...session, quote })
    expect(await renter.getSession({ sessionId })).toMatchObject({ pricePer1000: 100_000n })
    await fixture.expectNothingApproved(renter)
    await host.settleSessionSync({ sessionId })
    await host.setPriceSync({ pricePer1000: usdc(0) })
  })

  test('is refused when it is for another or changed', async () => {
    const quote = await host.signQuote({ pricePer1000: cheap, renter: renter.account.address })
    expect(await renter.verifyQuote({ quote, renter: host.account.address })).toBe(false)
    const forged = { ...quote, pricePer1000: '1' }
    expect(await renter.verifyQuote({ quote: forged })).toBe(false)
    expect(await renter.verifyQuote({ quote: { ...quote, host: renter.account.address } })).toBe(
      false,
    )
    expect(await renter.verifyQuote({ quote: { ...quote, signature: '0x1234' } })).toBe(false)
    const session = { deposit: usdc(5), coSigner: app.address, ...interval }
    await expect(renter.openSessionWithQuote({ ...session, quote: forged })).rejects.toMatchObject({
      errorName: 'SessionBadQuote',
    })
  })

  test('of a key is verified by recovery, and hashed as the marketplace hashes it', async () => {
    const key = freshKey()
    const quote = {
      host: key.address,
      renter: zeroAddress,
      token: devnet.contracts.usdc,
      pricePer1000: '100',
      model: pad('0x01'),
      expiry: 4_000_000_000,
    } as const
    const digest = await fixture.publicClient.readContract({
      abi: jobMarketplaceAbi,
      address: devnet.contracts.marketplace,
      functionName: 'quoteDigest',
      args: [key.address, zeroAddress, quote.token, 100n, quote.model, 4_000_000_000n],
    })
    expect(hashTypedData(quoteTypedData(devnet.contracts, quote))).toBe(digest)
    const signature = await key.signTypedData(quoteTypedData(devnet.contracts, quote))
    expect(await renter.verifyQuote({ quote: { ...quote, signature } })).toBe(true)
    const byAnother = await freshKey().signTypedData(quoteTypedData(devnet.contracts, quote))
    expect(await renter.verifyQuote({ quote: { ...quote, signature: byAnother } })).toBe(false)
  })
})

describe('co-signed work', () => {
  test('of several sessions is recorded and settled in one operation each', async () => {
    const sessionIds = [await open(), await open()]
    const [first, second] = sessionIds as [bigint, bigint]
    const vouchers = [await voucher(first, 500n), await voucher(second, 1000n)]
    const { checkpoints } = await host.checkpointManySync({ vouchers })
    expect(checkpoints).toMatchObject([
      { sessionId: first, cumulativeTokens: 500n },
      { sessionId: second, cumulativeTokens: 1000n },
    ])
    expect(await renter.quoteSettlement({ sessionId: second })).toEqual({
      sessionId: second,
      host: 425_000n,
      renter: 4_500_000n,
      protocol: 50_000n,
      stakers: 25_000n,
    })
    const { sessions } = await host.settleManySync({ sessionIds })
    expect(sessions.map(({ sessionId, host: paid }) => [sessionId, paid])).toEqual([
      [first, 212_500n],
      [second, 425_000n],
    ])
    expect(await renter.recordCompletionSync({ jobId: second })).toMatchObject({
      host: host.account.address,
    })
  })

  test('of a settlement and of a checkpoint in one batch is told apart', async () => {
    const [settled, going] = [await open(), await open()]
    const [first, second] = await host.batchSync([
      settleSession.call({ sessionId: settled, voucher: await voucher(settled, 1000n) }),
      checkpoint.call({ voucher: await voucher(going, 600n) }),
    ])
    expect(first).toMatchObject({ sessionId: settled, host: 425_000n })
    expect(second).toMatchObject({ sessionId: going, cumulativeTokens: 600n })
    await host.settleSessionSync({ sessionId: going })
  })

  test('counts by a P-256 key, and by no other key', async () => {
    const key = softwareP256Key()
    const sessionId = await open({ coSigner: sessionKeyAddress(key) })
    const of = { sessionId, cumulativeTokens: 500n }
    const wrong = await renter.signVoucher({ ...of, coSigner: softwareP256Key() })
    await expect(host.checkpoint({ voucher: wrong })).rejects.toMatchObject({
      errorName: 'SessionBadCoSignature',
    })
    const right = await renter.signVoucher({ ...of, coSigner: key })
    expect(await host.checkpointSync({ voucher: right })).toMatchObject(of)
    await host.settleSessionSync({ sessionId })
  })

  test('ends at once with the last word of a host that is a key', async () => {
    const key = freshKey()
    await registerKey(key)
    const sessionId = await open({ host: key.address })
    const of = { sessionId, cumulativeTokens: 1240n }
    const digest = await fixture.publicClient.readContract({
      abi: jobMarketplaceAbi,
      address: devnet.contracts.marketplace,
      functionName: 'finalDigest',
      args: [sessionId, 1240n],
    })
    expect(hashTypedData(finalTypedData(devnet.contracts, of))).toBe(digest)
    const forged = await renter.signFinal({ ...of, signer: freshKey() })
    await expect(renter.completeSessionWithFinal({ final: forged })).rejects.toMatchObject({
      errorName: 'SessionBadFinal',
    })
    const final = await renter.signFinal({ ...of, signer: key })
    expect(await renter.completeSessionWithFinalSync({ final })).toMatchObject({
      sessionId,
      host: 527_000n,
    })
  })
})

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
  let seller: FabstirClient

  beforeAll(async () => {
    seller = await fixture.createSelfPaid()
    await fixture.give.fab(seller.account.address, '1000')
    await seller.registerHostSync({ models: ['llama-70b'] })
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

describe('as time goes by', () => {
  test('a quote is over', async () => {
    const quote = await host.signQuote({ pricePer1000: price, expiresIn: '1h' })
    expect(await renter.verifyQuote({ quote })).toBe(true)
    await fixture.pass(3601)
    expect(await renter.verifyQuote({ quote })).toBe(false)
    const session = { quote, deposit: usdc(5), coSigner: app.address, ...interval }
    await expect(renter.openSessionWithQuote(session)).rejects.toMatchObject({
      errorName: 'SessionQuoteExpired',
    })
  })

  test('a session that nobody ends is settled by anybody, with what is proven', async () => {
    const sessionId = await open({ maxDuration: '10m' })
    await arbiter.checkpointSync({ voucher: await voucher(sessionId, 1000n) })
    await expect(arbiter.timeoutSession({ sessionId })).rejects.toMatchObject({
      errorName: 'SessionNotDue',
    })
    await fixture.pass(600 + 7200)
    expect(await arbiter.timeoutSessionSync({ sessionId })).toMatchObject({
      sessionId,
      host: 425_000n,
      renter: 4_500_000n,
    })
  })

  test('a session that its renter ends is finalized by anybody', async () => {
    const sessionId = await open()
    const { closesAt } = await renter.completeSessionSync({ sessionId })
    const { timestamp } = await fixture.publicClient.getBlock()
    await fixture.pass(closesAt - timestamp)
    expect(await arbiter.finalizeSessionSync({ sessionId })).toMatchObject({ renter: 5_000_000n })
  })
})

/** A host that is a plain key: it registers by its own transactions. */
async function registerKey(account: LocalAccount) {
  await fixture.give.eth(account.address, '1')
  await fixture.give.fab(account.address, '1000')
  const { chain, rpcUrl, contracts } = devnet
  const wallet = createWalletClient({ account, chain, transport: http(rpcUrl) })
  for (const request of [
    {
      address: contracts.fab,
      abi: fabTokenAbi,
      functionName: 'approve',
      args: [contracts.registry, fab(1000).value],
    } as const,
    {
      address: contracts.registry,
      abi: nodeRegistryAbi,
      functionName: 'registerNode',
      args: ['models:llama-70b'],
    } as const,
  ]) {
    const hash = await wallet.writeContract(request as Parameters<typeof wallet.writeContract>[0])
    await fixture.publicClient.waitForTransactionReceipt({ hash })
  }
}

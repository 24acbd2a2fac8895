import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  ContractRevertedError,
  claimJob,
  createFabstirWalletClient,
  type FabstirClient,
  type FabstirWalletClient,
  fab,
  InsufficientBalanceError,
  openSession,
  type PostJobEvent,
  postJob,
  SponsorRefusedError,
  stakingActions,
  usdc,
  WalletCallsFailedError,
  WalletMethodNotSupportedError,
  WalletNotAtomicError,
  WalletNotSponsoredError,
  WalletRejectedError,
} from '@fabstir/sdk'
import { toEip1193Provider } from '@fabstir/sdk/provider'
import { createWalletClient, custom, type Hash } from 'viem'
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { type AccountKinds, installAccountKinds } from '../../fixtures/clients/accountKinds.ts'
import { kernelCodeSize } from '../../fixtures/clients/kernelContracts.ts'
import {
  failure,
  type SmartWalletOptions,
  smartWallet,
} from '../../fixtures/clients/smartWallet.ts'
import { sponsorAccountKinds } from '../../fixtures/clients/sponsorAccountKinds.ts'
import { attachToChain } from '../../fixtures/testChain.ts'
import { freshKey } from '../sdkFixture.ts'
import { type ActionsFixture, actionsFixture } from './actionsFixture.ts'

let devnet: Devnet
let fixture: ActionsFixture
let kinds: AccountKinds
let sponsorUrl: string
let host: FabstirClient

beforeAll(async () => {
  devnet = await startDevnet({ codeSizeLimit: kernelCodeSize })
  fixture = actionsFixture(devnet)
  const chain = attachToChain(devnet.rpcUrl)
  kinds = await installAccountKinds(chain)
  const apiKey = await sponsorAccountKinds(devnet, chain, Object.values(kinds))
  sponsorUrl = `${devnet.paymasterUrl}?apikey=${apiKey}`
  host = await fixture.createHost()
}, 240_000)
afterAll(() => devnet?.close())

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }

/** A wallet over a new Safe, which owns no ETH, and the methods that it was asked for. */
async function newWallet(options: Partial<SmartWalletOptions> = {}) {
  const account = await kinds['Safe 1.4.1'].make(fixture.publicClient, freshKey())
  const asked: string[] = []
  const wallet = smartWallet({
    account,
    bundlerUrl: devnet.bundlerUrl,
    atomic: 'supported',
    paymasterService: true,
    ...options,
    onRequest(method, params) {
      asked.push(method)
      options.onRequest?.(method, params)
    },
  })
  return { account, wallet, asked }
}

const clientOf = (
  wallet: Parameters<typeof createFabstirWalletClient>[0]['wallet'],
  more: Partial<Parameters<typeof createFabstirWalletClient>[0]> = {},
) =>
  createFabstirWalletClient({
    wallet,
    client: fixture.publicClient,
    paymasterService: { url: sponsorUrl },
    pollingInterval: 20,
    timeout: 30_000,
    ...more,
  })

test('a host and a renter without ETH act by their wallets, each action as one', async () => {
  const { account, wallet, asked } = await newWallet({ atomic: 'ready' })
  const client = await clientOf(wallet)
  expect(client.account.address).toBe(account.address)
  await fixture.give.fab(account.address, '1000')
  await fixture.give.usdc(account.address, '10')

  const registered = await client.registerHostSync({ models: ['llama-70b'], region: 'us-west' })
  expect(registered).toMatchObject({ node: account.address, callsId: expect.any(String) })
  const { transactionHash } = registered
  expect(await fixture.publicClient.getTransactionReceipt({ hash: transactionHash })).toMatchObject(
    {
      status: 'success',
    },
  )

  const [posted, opened] = await client.batchSync([
    postJob.call(job),
    openSession.call({
      host: host.account.address,
      deposit: usdc(5),
      pricePer1000: usdc('0.5'),
      checkpointInterval: 500n,
      coSigner: freshKey().address,
    }),
  ])
  expect([posted.renter, opened.renter]).toEqual([account.address, account.address])
  expect(await client.getJob({ jobId: posted.jobId })).toMatchObject({ status: 'posted' })
  expect(await client.cancelJobSync({ jobId: posted.jobId })).toMatchObject({ refund: 1_000_000n })
  expect(asked.filter((method) => method === 'wallet_sendCalls')).toHaveLength(3)
  expect(await fixture.publicClient.getBalance({ address: account.address })).toBe(0n)
  await fixture.expectNothingApproved(client)

  // Signatures are the wallet's, checked by ERC-1271.
  const quote = await client.signQuote({ pricePer1000: usdc('0.1') })
  expect(quote.host).toBe(account.address)
  expect(await host.verifyQuote({ quote })).toBe(true)
})

test("viem's wallet client is a wallet, and actions without `Sync` resolve with the name of their calls", async () => {
  const { account, wallet } = await newWallet()
  const { chain } = devnet
  const viem = createWalletClient({ account: account.address, chain, transport: custom(wallet) })
  const client = await clientOf(viem)
  await fixture.give.usdc(account.address, '1')
  const callsId = await client.postJob(job)
  expectTypeOf(callsId).toEqualTypeOf<string>()
  const { status, receipts } = await viem.waitForCallsStatus({ id: callsId, pollingInterval: 20 })
  expect(status).toBe('success')
  expect(receipts).toHaveLength(1)
  await expect(client.postJob(job)).rejects.toBeInstanceOf(InsufficientBalanceError)
})

test('a wallet that is not atomic is asked for single calls only', async () => {
  for (const atomic of ['unsupported', undefined] as const) {
    const { account, wallet, asked } = await newWallet({ atomic })
    const client = await clientOf(wallet)
    await fixture.give.usdc(account.address, '1')
    for (const send of [
      () => client.postJob(job),
      () => client.batchSync([claimJob.call({ jobId: 1n }), claimJob.call({ jobId: 2n })]),
    ]) {
      const refused = send()
      await expect(refused).rejects.toBeInstanceOf(WalletNotAtomicError)
      await expect(refused).rejects.toMatchObject({ account: account.address, calls: 2 })
    }
    expect(asked).not.toContain('wallet_sendCalls')
    const coSigner = freshKey().address
    expect(await client.setDefaultCoSignerSync({ coSigner })).toMatchObject({ coSigner })
  }
})

test('a wallet that takes no paymaster service pays itself where that is said', async () => {
  const { account, wallet, asked } = await newWallet({ paymasterService: false })
  const coSigner = freshKey().address
  const refused = (await clientOf(wallet)).setDefaultCoSigner({ coSigner })
  await expect(refused).rejects.toBeInstanceOf(WalletNotSponsoredError)
  expect(asked).not.toContain('wallet_sendCalls')
  await fixture.give.eth(account.address, '1')
  for (const paymasterService of [undefined, { url: sponsorUrl, optional: true }]) {
    const client = await clientOf(wallet, { paymasterService })
    expect(await client.setDefaultCoSignerSync({ coSigner })).toMatchObject({ coSigner })
  }
})

test('what services and users refuse behind the wallet keeps its type', async () => {
  const { account, wallet } = await newWallet()
  await fixture.give.fab(account.address, '100')
  const staker = (await clientOf(wallet)).extend(stakingActions)
  const refused = staker.stakeSync({ amount: fab(100), tier: 'bronze' })
  await expect(refused).rejects.toBeInstanceOf(SponsorRefusedError)
  await expect(refused).rejects.toMatchObject({ rule: 'calls.argument' })

  const unknown = (await clientOf(wallet)).claimJob({ jobId: 999n })
  await expect(unknown).rejects.toBeInstanceOf(ContractRevertedError)

  const user = await newWallet({
    onRequest(method) {
      if (method === 'wallet_sendCalls') throw failure(4001, 'no')
    },
  })
  const asks = (await clientOf(user.wallet)).claimJob({ jobId: 1n })
  await expect(asks).rejects.toBeInstanceOf(WalletRejectedError)

  const plain = await newWallet({
    onRequest(method) {
      if (method.startsWith('wallet_')) throw failure(-32_601, `no ${method}`)
    },
  })
  const old = (await clientOf(plain.wallet, { paymasterService: undefined })).claimJob({
    jobId: 1n,
  })
  await expect(old).rejects.toBeInstanceOf(WalletMethodNotSupportedError)
  await expect(old).rejects.toMatchObject({ method: 'wallet_sendCalls' })
})

test('calls that revert on chain are told with their reason', async () => {
  const account = await kinds['Simple 0.8'].make(fixture.publicClient, freshKey())
  const { wallet } = await newWallet({
    account,
    gas: {
      callGasLimit: 200_000n,
      verificationGasLimit: 500_000n,
      preVerificationGas: 100_000n,
    },
  })
  const client = await clientOf(wallet)
  const failed: unknown = await client.claimJobSync({ jobId: 999n }).catch((error) => error)
  expect(failed).toBeInstanceOf(WalletCallsFailedError)
  expect(failed).toMatchObject({
    status: 500,
    transactionHashes: [expect.any(String)],
    reason: { errorName: 'JobWrongStatus' },
  })
})

test('the provider of this package is a wallet like any other', async () => {
  const renter = await fixture.createRenter('3')
  const client = await clientOf(toEip1193Provider({ client: renter, approve: () => true }), {
    paymasterService: undefined,
  })
  const [first, second] = await client.batchSync([postJob.call(job), postJob.call(job)])
  expect([first.renter, second.renter]).toEqual([renter.account.address, renter.account.address])
  expect(await client.cancelJobSync({ jobId: first.jobId })).toMatchObject({ refund: 1_000_000n })
  await expect(client.claimJob({ jobId: 999n })).rejects.toBeInstanceOf(ContractRevertedError)
})

test.each([
  ['the connection to the wallet was lost', new Error('lost')],
  ['its bundler was gone when it had the calls', failure(-32_603, 'internal error')],
])('a lost answer is asked after, the calls are sent once: %s', async (_, failed) => {
  let lost = 0
  const { account, wallet, asked } = await newWallet({
    onAnswer(method) {
      if (method !== 'wallet_sendCalls') return
      lost += 1
      throw failed
    },
  })
  const client = await clientOf(wallet)
  await fixture.give.usdc(account.address, '2')
  expect(await client.postJobSync(job)).toMatchObject({ renter: account.address })
  expect(lost).toBe(1)
  expect(asked.filter((method) => method === 'wallet_sendCalls')).toHaveLength(1)
  expect(await fixture.jobsOf(client)).toHaveLength(1)
})

test('types: what a wallet has instead of operations, and what it has not', () => {
  type Client = FabstirWalletClient
  expectTypeOf<Client['postJob']>().returns.resolves.toEqualTypeOf<string>()
  expectTypeOf<Client['batch']>().returns.resolves.toEqualTypeOf<string>()
  expectTypeOf<Client['postJobSync']>().returns.resolves.toExtend<
    PostJobEvent & { callsId: string; transactionHash: Hash }
  >()
  expectTypeOf<Client['postJobSync']>().returns.resolves.not.toHaveProperty('userOperationHash')
  expectTypeOf<Client['getJob']>().toEqualTypeOf<FabstirClient['getJob']>()
  expectTypeOf<Client>().not.toHaveProperty('grantSession')
  expectTypeOf<Client>().not.toHaveProperty('withSession')
  expectTypeOf<Client>().not.toHaveProperty('preflight')
  const batch = (client: Client) =>
    client.batchSync([postJob.call(job), claimJob.call({ jobId: 1n })])
  expectTypeOf(batch).returns.resolves.toHaveProperty(0).toEqualTypeOf<PostJobEvent>()
  const staker = (client: Client) => client.extend(stakingActions)
  expectTypeOf(staker)
    .returns.toHaveProperty('stakeSync')
    .returns.resolves.toHaveProperty('callsId')
})

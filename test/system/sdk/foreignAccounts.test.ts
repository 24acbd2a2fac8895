import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  ContractRevertedError,
  claimJob,
  createFabstirClient,
  type FabstirClient,
  grantSession,
  InsufficientBalanceError,
  type MarketplaceClient,
  openSession,
  postJob,
  SessionKeysNotSupportedError,
  SponsorRefusedError,
  sessionKeyActions,
  stakingActions,
  toFabstirAccount,
  usdc,
  waitForOperation,
} from '@fabstir/sdk'
import { concatHex, http, type PublicClient } from 'viem'
import { type SmartAccount, toCoinbaseSmartAccount } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import {
  type AccountKinds,
  accountKindNames,
  installAccountKinds,
} from '../../fixtures/clients/accountKinds.ts'
import { kernelCodeSize } from '../../fixtures/clients/kernelContracts.ts'
import { sponsorAccountKinds } from '../../fixtures/clients/sponsorAccountKinds.ts'
import { attachToChain } from '../../fixtures/testChain.ts'
import { freshKey } from '../sdkFixture.ts'
import { type ActionsFixture, actionsFixture } from './actionsFixture.ts'

/** Published account contracts with their published clients; only key, contracts and services are the project's. */
let devnet: Devnet
let fixture: ActionsFixture
let kinds: AccountKinds
let apiKey: string
let host: FabstirClient

beforeAll(async () => {
  devnet = await startDevnet({ codeSizeLimit: kernelCodeSize })
  fixture = actionsFixture(devnet)
  const chain = attachToChain(devnet.rpcUrl)
  kinds = await installAccountKinds(chain)
  apiKey = await sponsorAccountKinds(devnet, chain, Object.values(kinds))
  host = await fixture.createHost()
}, 240_000)
afterAll(() => devnet?.close())

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }

/** A sponsored client over an account that does not exist yet and owns no ETH. */
async function clientOf(account: SmartAccount, more: { usdc?: string; fab?: string } = {}) {
  if (more.usdc) await fixture.give.usdc(account.address, more.usdc)
  if (more.fab) await fixture.give.fab(account.address, more.fab)
  return createFabstirClient({
    account,
    transport: http(devnet.bundlerUrl),
    paymaster: fixture.sponsor(apiKey),
    pollingInterval: 20,
    timeout: 30_000,
  })
}
const newAccount = (name: (typeof accountKindNames)[number], owner = freshKey()) =>
  kinds[name].make(fixture.publicClient, owner)

describe.each(accountKindNames)('%s', (name) => {
  test('registers as a host by its first operation, and serves in what comes after', async () => {
    const account = await newAccount(name)
    const client = await clientOf(account, { fab: '1000' })
    const { node } = await client.registerHostSync({ models: ['llama-70b'], region: 'us-west' })
    expect(node).toBe(account.address)
    const renter = await fixture.createRenter('1')
    const { jobId } = await renter.postJobSync(job)
    expect(await client.claimJobSync({ jobId })).toMatchObject({ jobId, host: node })
    await client.submitResultSync({ jobId, resultCid: 'bafyresult' })
    expect(await client.getJob({ jobId })).toMatchObject({ status: 'submitted', host: node })
    expect(await fixture.publicClient.getBalance({ address: node })).toBe(0n)
    await fixture.expectNothingApproved(client)
  })

  test('rents: every form of a write, a batch, and a session that is settled', async () => {
    const account = await newAccount(name)
    const client = await clientOf(account, { usdc: '10' })
    const coSigner = freshKey()

    const userOperationHash = await client.postJob(job)
    const { logs, success } = await waitForOperation(client, { hash: userOperationHash })
    expect(success).toBe(true)
    const { jobId } = postJob.extractEvent(logs)
    expect(await client.cancelJobSync({ jobId })).toMatchObject({ jobId, refund: 1_000_000n })

    const [posted, opened] = await client.batchSync([
      postJob.call(job),
      openSession.call({
        host: host.account.address,
        deposit: usdc(5),
        pricePer1000: usdc('0.5'),
        checkpointInterval: 500n,
        coSigner: coSigner.address,
      }),
    ])
    expect([posted.renter, opened.renter]).toEqual([account.address, account.address])
    const { sessionId } = opened
    const voucher = await client.signVoucher({ sessionId, cumulativeTokens: 1000n, coSigner })
    await host.settleSessionSync({ sessionId, voucher })
    // The refund of the job that was taken back is part of it.
    expect(await client.withdrawSync({ token: 'usdc' })).toMatchObject({ amount: 5_500_000n })
    expect(await fixture.publicClient.getBalance({ address: account.address })).toBe(0n)
    await fixture.expectNothingApproved(client)
  })

  test('is told by type what stands in its way', async () => {
    const client = await clientOf(await newAccount(name), { usdc: '2' })
    await expect(client.postJob({ ...job, payment: usdc(3) })).rejects.toBeInstanceOf(
      InsufficientBalanceError,
    )
    const refused = client.batch([postJob.call(job), claimJob.call({ jobId: 999n })])
    const error: unknown = await refused.catch((error) => error)
    expect(error).toBeInstanceOf(ContractRevertedError)
    // MultiSend of a Safe reverts without the reason.
    const errorName = name.startsWith('Safe') ? undefined : 'JobWrongStatus'
    expect(error).toMatchObject({ errorName })
    // All or nothing: the job of the batch was not posted either.
    expect(await fixture.jobsOf(client)).toEqual([])
    expect((await client.preflight([postJob.call(job)])).gas.callGasLimit).toBeGreaterThan(0n)
  })

  test('has no session keys, and says so before anything is sent', async () => {
    const client = await clientOf(await newAccount(name))
    expectTypeOf(client).toEqualTypeOf<MarketplaceClient>()
    // @ts-expect-error the compiler says so, too
    expect(client.grantSession).toBeTypeOf('function')
    const untyped = client as unknown as FabstirClient
    const key = freshKey()
    const terms = { key: key.address, expiresIn: '1h', scope: ['claimJob'] } as const
    const { grant } = await fixture
      .createClient()
      .then(async (owner) => ({ grant: await owner.grantSession(terms) }))
    const attempts = [
      () => untyped.grantSession(terms),
      () => untyped.grantSessionSync(terms),
      () => client.batch([grantSession.call(terms)]),
      () => untyped.revokeSession(grant),
      () => untyped.revokeSessionSync({ key: key.address }),
      () => untyped.revokeAllSessions(),
      async () => untyped.withSession(grant, key),
    ]
    for (const attempt of attempts) {
      const refused = attempt()
      await expect(refused).rejects.toBeInstanceOf(SessionKeysNotSupportedError)
      await expect(refused).rejects.toMatchObject({ account: client.account.address })
    }
    expect(await client.extend(sessionKeyActions).listSessionKeys()).toEqual([])
  })
})

test('operations of one account go one after the other in one nonce lane', async () => {
  const client = await clientOf(await newAccount('Simple 0.8'), { usdc: '3' })
  const events = await Promise.all([1, 2, 3].map(() => client.postJobSync(job)))
  expect(new Set(events.map(({ jobId }) => jobId)).size).toBe(3)
  expect(await client.account.getNonce({ key: 0n })).toBe(3n)
})

test('an EOA that runs the code of others is delegated by its next operation', async () => {
  const owner = freshKey()
  const other = await fixture.createRenter('1', { owner, eip7702: true })
  await other.postJobSync(job)
  const account = await newAccount('Simple7702 0.8', owner)
  expect(await account.isDeployed()).toBe(true)
  const client = await clientOf(account, { usdc: '1' })
  expect(await client.postJobSync(job)).toMatchObject({ renter: owner.address })
  const implementation = account.authorization?.address.toLowerCase() as `0x${string}`
  expect(await fixture.publicClient.getCode({ address: owner.address })).toBe(
    concatHex(['0xef0100', implementation]),
  )
})

test('a sponsor that does not list the account refuses by its rule', async () => {
  const account = await newAccount('Simple 0.8')
  await fixture.give.usdc(account.address, '1')
  const client = createFabstirClient({
    account,
    transport: http(devnet.bundlerUrl),
    paymaster: fixture.sponsor(),
  })
  const refused = client.postJob(job)
  await expect(refused).rejects.toBeInstanceOf(SponsorRefusedError)
  await expect(refused).rejects.toMatchObject({ rule: 'factory.unknown' })
})

test('Coinbase Smart Wallet: calls are encoded as its execute functions', async () => {
  const account = await toCoinbaseSmartAccount({
    client: fixture.publicClient,
    owners: [freshKey()],
    version: '1.1',
    address: freshKey().address,
  })
  const client = createFabstirClient({ account, transport: http(devnet.bundlerUrl) })
  expectTypeOf(client).toEqualTypeOf<MarketplaceClient>()
  const { calls } = await postJob.call(job).prepare(client)
  const callData = await account.encodeCalls(calls)
  expect(await account.decodeCalls?.(callData)).toEqual(
    calls.map(({ to, value = 0n, data = '0x' }) => ({ to, value, data })),
  )
})

test('types: session keys are where the account has them', () => {
  const make = (account: SmartAccount) => createFabstirClient({ account, transport: http() })
  expectTypeOf(make).returns.toEqualTypeOf<MarketplaceClient>()
  const makeOwn = async (client: PublicClient) =>
    createFabstirClient({
      account: await toFabstirAccount({ client, owner: freshKey() }),
      transport: http(),
    })
  expectTypeOf(makeOwn).returns.resolves.toEqualTypeOf<FabstirClient>()
  expectTypeOf<FabstirClient>().toExtend<Omit<MarketplaceClient, 'extend'>>()
  const staker = (client: MarketplaceClient) => client.extend(stakingActions)
  expectTypeOf(staker).returns.toHaveProperty('stakeSync')
  expectTypeOf(staker).returns.toHaveProperty('postJobSync')
  expectTypeOf(staker).returns.not.toHaveProperty('withSession')
})

import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  createFabstirClient,
  type FabstirAccount,
  type FabstirClient,
  fab,
  type PostJobEvent,
  postJob,
  type SessionGrant,
  toFabstirAccount,
  usdc,
} from '@fabstir/sdk'
import { type Address, createPublicClient, type Hash, http, type PublicClient } from 'viem'
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { apiKeys } from '../../../devnet/src/apps.ts'
import { freshKey, sdkFixture } from '../sdkFixture.ts'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet()
}, 180_000)
afterAll(() => devnet?.close())

/** The goal of the SDK (section 1 of its specification), as it is written there. Only constants stand around it. */
test('the user code of the specification runs as written', async () => {
  const fixture = sdkFixture(devnet)
  const { chain } = devnet
  const [owner, appKey] = [freshKey(), freshKey()]
  const BUNDLER = devnet.bundlerUrl
  const SPONSOR = `${devnet.paymasterUrl}?apikey=${apiKeys.demo}`
  const host = (await fixture.createHost()).account.address
  const { jobId } = await (await fixture.createRenter('1')).postJobSync({
    model: 'llama-70b',
    prompt: 'bafyprompt',
    payment: usdc(1),
  })

  const account = await openAccount(createPublicClient({ chain, transport: http() }))
  async function openAccount(client: PublicClient) {
    const account = await toFabstirAccount({ client, owner }) // EOA key, passkey, EIP-1193 wallet, or a 7702 EOA
    return account
  }
  const client = createFabstirClient({
    account,
    chain,
    transport: http(BUNDLER),
    paymaster: http(SPONSOR),
  })

  await fixture.give.fab(account.address, '1000')
  await fixture.give.usdc(account.address, '7')

  const { node } = await client.registerHostSync({
    models: ['llama-70b'],
    region: 'us-west',
    stake: fab(1000),
  }) // approve + stake + register: one gasless op
  const { sessionId } = await client.openSessionSync({
    host,
    deposit: usdc(5),
    pricePer1000: usdc('0.0002'),
    checkpointInterval: 500n,
    coSigner: appKey.address,
  }) // approve + create: one op
  const jobs = await client.batchSync([
    postJob.call({ model: 'llama-70b', prompt: 'bafyone', payment: usdc(1) }),
    postJob.call({ model: 'llama-70b', prompt: 'bafytwo', payment: usdc(1) }),
  ]) // many actions, one UserOperation

  const grant = await client.grantSession({
    // signs only, returns JSON; the first use installs it; grantSessionSync installs by an op
    key: appKey.address,
    expiresIn: '24h',
    uses: 500,
    scope: ['claimJob', 'checkpoint'],
    spend: { usdc: { total: usdc(20), perCall: usdc(5) } },
  })
  const app = client.withSession(grant, appKey) // the same client type, signed by the key alone
  const voucher = await app.signVoucher({ sessionId, cumulativeTokens: 1200n })
  await app.claimJob({ jobId })
  await app.checkpointSync({ sessionId, cumulativeTokens: 1200n, voucher })
  await client.revokeSession(grant) // revokes or cancels, whichever applies

  expect(node).toBe(account.address)
  expect(jobs.map(({ renter }) => renter)).toEqual([node, node])
  expect(await client.getSession({ sessionId })).toMatchObject({
    renter: node,
    provenTokens: 1200n,
  })
  expect(await client.getJob({ jobId })).toMatchObject({ status: 'claimed', host: node })
  await expect
    .poll(async () => (await client.getSessionKey(grant)).status, { timeout: 10_000 })
    .toBe('revoked')

  // All of it without a type argument.
  expectTypeOf(account).toEqualTypeOf<FabstirAccount>()
  expectTypeOf(client).toEqualTypeOf<FabstirClient>()
  expectTypeOf(node).toEqualTypeOf<Address>()
  expectTypeOf(sessionId).toEqualTypeOf<bigint>()
  expectTypeOf(jobs).toEqualTypeOf<[PostJobEvent, PostJobEvent]>()
  expectTypeOf(grant).toEqualTypeOf<SessionGrant>()
  expectTypeOf(app).toEqualTypeOf<FabstirClient>()
  expectTypeOf(app.claimJob).returns.resolves.toEqualTypeOf<Hash>()
})

import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { fabstirAccountAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  type FabstirClient,
  fab,
  grantSession,
  KeySignatureError,
  postJob,
  SessionKeyNotActiveError,
  type SessionKeyStatus,
  sessionKeyAddress,
  toWebCryptoKey,
  usdc,
} from '@fabstir/sdk'
import { createWalletClient, http } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys } from '../../../devnet/src/apps.ts'
import { softwareP256Key, softwarePasskey } from '../../fixtures/softwareKeys.ts'
import { freshKey, sdkFixture } from '../sdkFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
}, 180_000)
afterAll(() => devnet?.close())

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
const posting = {
  expiresIn: '1h',
  scope: ['postJob'],
  spend: { usdc: { total: usdc(3) } },
} as const
const newWebCryptoKey = async () =>
  toWebCryptoKey({
    keyPair: await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ]),
  })
const statuses = async (client: FabstirClient) =>
  new Map<string, SessionKeyStatus>(
    (await client.listSessionKeys()).map(({ key, status }) => [key, status]),
  )

describe.each([
  { name: 'a passkey', newKey: softwarePasskey },
  { name: 'a P-256 key', newKey: softwareP256Key },
  { name: 'a key that Web Crypto does not give away', newKey: newWebCryptoKey },
])('$name as a session key', ({ newKey }) => {
  test('is named by its public key, installs itself and is used again', async () => {
    const key = await newKey()
    const renter = await fixture.createRenter('3')
    const grant = await renter.grantSession({ ...posting, key })
    expect(grant.policy.key).toBe(sessionKeyAddress(key))
    const app = renter.withSession(grant, key)
    for (const usesLeft of [999, 998]) {
      expect(await app.postJobSync(job)).toMatchObject({ renter: renter.account.address })
      expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'active', usesLeft })
    }
    await renter.revokeSessionSync({ key })
    await expect(app.postJob(job)).rejects.toBeInstanceOf(SessionKeyNotActiveError)
  })
})

test('a P-256 key co-signs vouchers, and a passkey does not', async () => {
  const coSigner = softwareP256Key()
  const host = await fixture.createHost()
  const renter = await fixture.createRenter('5')
  const { sessionId } = await renter.openSessionSync({
    host: host.account.address,
    deposit: usdc(5),
    pricePer1000: usdc('0.5'),
    checkpointInterval: 500n,
    coSigner: sessionKeyAddress(coSigner),
  })
  const count = { sessionId, cumulativeTokens: 500n }
  const voucher = await renter.signVoucher({ ...count, coSigner })
  expect(await host.checkpointSync({ voucher })).toMatchObject({ cumulativeTokens: 500n })
  await expect(
    renter.signVoucher({ ...count, coSigner: softwarePasskey() }),
  ).rejects.toBeInstanceOf(KeySignatureError)
})

describe('listSessionKeys', () => {
  test('an account that is not there yet has none', async () => {
    expect(await (await fixture.createClient()).listSessionKeys()).toEqual([])
  })

  test('finds a key however it was installed, with what is left of its grant', async () => {
    const owner = freshKey()
    const renter = await fixture.createRenter('5', { owner })
    const { address } = renter.account
    const [bySignature, byOperation, inBatch, byOwner, replaced] = Array.from(
      { length: 5 },
      freshKey,
    )
    if (!bySignature || !byOperation || !inBatch || !byOwner || !replaced) throw new Error('keys')

    // The first use installs it, and spends.
    const signed = await renter.grantSession({ ...posting, key: bySignature, uses: 7 })
    await renter.withSession(signed, bySignature).postJobSync(job)
    const installed = await renter.grantSessionSync({
      ...posting,
      key: byOperation,
      spend: { usdc: { total: usdc(3), perCall: usdc(2) }, fab: { total: fab(1) } },
    })
    const [granted, posted] = await renter.batchSync([
      grantSession.call({ ...posting, key: inBatch, startsIn: '30m' }),
      postJob.call(job),
    ])
    expect(granted).toMatchObject({ key: inBatch.address, uses: 1000 })
    expect(posted).toMatchObject({ renter: address })
    // By a transaction of the owner's own, which is no operation.
    await fixture.give.eth(owner.address, '1')
    const wallet = createWalletClient({
      account: owner,
      chain: devnet.chain,
      transport: http(devnet.rpcUrl),
    })
    const hash = await wallet.writeContract({
      abi: fabstirAccountAbi,
      address,
      functionName: 'addSessionKey',
      args: [byOwner.address, installed.policy.validUntil],
    })
    await fixture.publicClient.waitForTransactionReceipt({ hash })
    await renter.grantSessionSync({ ...posting, key: replaced, uses: 1 })
    const last = await renter.grantSessionSync({ ...posting, key: replaced, uses: 2 })

    const keys = await renter.listSessionKeys()
    expect(keys).toMatchObject([
      {
        key: bySignature.address,
        status: 'active',
        uses: 7,
        usesLeft: 6,
        validUntil: signed.policy.validUntil,
        limits: [{ token: 'usdc', total: 3_000_000n, left: 2_000_000n, perCall: 3_000_000n }],
      },
      {
        key: byOperation.address,
        limits: [
          { token: 'usdc', total: 3_000_000n, left: 3_000_000n, perCall: 2_000_000n },
          { token: 'fab', total: fab(1).value, left: fab(1).value },
        ],
      },
      { key: inBatch.address, status: 'pending', usesLeft: 1000 },
      // The default grant is no policy that a transaction shows.
      { key: byOwner.address, status: 'active', uses: 1000, limits: [], grant: undefined },
      { key: replaced.address, uses: 2, usesLeft: 2 },
    ])
    // What was installed by an operation is the same grant again.
    expect(keys[1]?.grant).toEqual(installed)
    expect(keys[4]?.grant).toEqual(last)
    const { enable: _, ...unsigned } = signed
    expect(keys[0]?.grant).toEqual({ ...unsigned, epoch: 0 })
    // Anybody may look.
    const stranger = await fixture.createClient()
    expect(await stranger.listSessionKeys({ account: address })).toHaveLength(5)

    await renter.revokeSessionSync(installed)
    await renter.revokeSessionSync({ key: byOwner.address })
    expect(await statuses(renter)).toEqual(
      new Map([
        [bySignature.address, 'active'],
        [byOperation.address, 'revoked'],
        [inBatch.address, 'pending'],
        [byOwner.address, 'revoked'],
        [replaced.address, 'active'],
      ]),
    )
    // An app that lost its grant takes the one of the list.
    const app = renter.withSession(keys[0]?.grant ?? '', bySignature)
    await app.postJobSync(job)
    expect(await renter.revokeAllSessionsSync()).toMatchObject({ epoch: 1 })
    expect(new Set((await statuses(renter)).values())).toEqual(new Set(['revoked']))
    await expect(app.postJob(job)).rejects.toBeInstanceOf(SessionKeyNotActiveError)
  })

  test('tells used up from out of time', async () => {
    const [used, old] = [freshKey(), freshKey()]
    const renter = await fixture.createRenter('1')
    const grant = await renter.grantSessionSync({ ...posting, key: used, uses: 1 })
    await renter.withSession(grant, used).postJobSync(job)
    const short = await renter.grantSessionSync({ ...posting, key: old, expiresIn: '2s' })
    await expect
      .poll(
        async () => {
          await fixture.give.eth(old.address, '0.001')
          const { timestamp } = await fixture.publicClient.getBlock()
          return timestamp > short.policy.validUntil
        },
        { timeout: 10_000, interval: 500 },
      )
      .toBe(true)
    expect(await statuses(renter)).toEqual(
      new Map([
        [used.address, 'exhausted'],
        [old.address, 'expired'],
      ]),
    )
    expect(await renter.getSessionKey(grant)).toMatchObject({
      status: 'exhausted',
      uses: 1,
      usesLeft: 0,
      limits: [{ total: 3_000_000n, left: 2_000_000n }],
    })
  })
})

test('revokeAllSessions ends signed grants too, also before the account exists', async () => {
  const key = freshKey()
  const renter = await fixture.createRenter('1')
  const grant = await renter.grantSession({ ...posting, key })
  expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'unused' })
  await renter.revokeAllSessionsSync()
  expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'revoked' })
  await expect(renter.withSession(grant, key).postJob(job)).rejects.toBeInstanceOf(
    SessionKeyNotActiveError,
  )
})

test.each([{ eip7702: false }, { eip7702: true }])(
  'a grant travels as one JSON text to an app in another process ($eip7702)',
  async ({ eip7702 }) => {
    const privateKey = generatePrivateKey()
    const key = privateKeyToAccount(privateKey)
    const renter = await fixture.createRenter('1', { eip7702 })
    const grant = await renter.grantSession({ ...posting, key: key.address })
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('sessionApp.ts', import.meta.url))],
      {
        env: {
          APP_KEY: privateKey,
          RPC_URL: devnet.rpcUrl,
          BUNDLER_URL: devnet.bundlerUrl,
          PAYMASTER_URL: `${devnet.paymasterUrl}?apikey=${apiKeys.demo}`,
          CONTRACTS: JSON.stringify(devnet.contracts),
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    child.stdin.end(JSON.stringify(grant))
    const { jobId, renter: poster } = JSON.parse(await text(child.stdout))
    expect(poster).toBe(renter.account.address)
    expect(await renter.getJob({ jobId: BigInt(jobId) })).toMatchObject({
      status: 'posted',
      renter: renter.account.address,
    })
    expect(await renter.getSessionKey(grant)).toMatchObject({
      status: 'active',
      usesLeft: 999,
      limits: [{ left: 2_000_000n }],
    })
  },
)

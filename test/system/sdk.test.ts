import { fabstirAccountAbi, jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  claimJob,
  eth,
  type FabstirClient,
  fab,
  postJob,
  SessionArgumentNotAllowedError,
  SessionCallNotAllowedError,
  SessionKeyExpiredError,
  SessionKeyNotActiveError,
  SessionSpendLimitExceededError,
  SessionUsesExhaustedError,
  usdc,
  waitForOperation,
} from '@fabstir/sdk'
import { type Address, encodeFunctionData, erc20Abi, hashTypedData, zeroHash } from 'viem'
import { sendUserOperation } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { voucherTypedData } from '../../sdk/src/actions/marketplace/voucher.ts'
import { freshKey, sdkFixture } from './sdkFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
let host: FabstirClient

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
  host = await fixture.createHost()
}, 180_000)
afterAll(() => devnet?.close())

const terms = (coSigner: Address) => ({
  host: host.account.address,
  pricePer1000: usdc('0.5'),
  checkpointInterval: 500n,
  coSigner,
})
const job = { model: 'llama-70b', prompt: 'bafyprompt' }
const balanceOf = (token: Address, account: Address) =>
  fixture.publicClient.readContract({
    abi: erc20Abi,
    address: token,
    functionName: 'balanceOf',
    args: [account],
  })

describe.each(['0.8', '0.9'] as const)('an account on EntryPoint %s', (entryPoint) => {
  test('registers, is found, and its metadata comes back', async () => {
    const client = await fixture.createClient({ entryPoint })
    const node = client.account.address
    await fixture.give.fab(node, '1500')
    const metadata = { gpu: 'rtx4090', models: ['gpt-4', `m${entryPoint}`], region: 'eu' }
    const registered = await client.registerHostSync({ ...metadata, stake: fab(1500) })
    expect(registered).toMatchObject({ node, controller: node, metadata })
    expect(await client.getNode({ node })).toMatchObject({ stake: fab(1500).value, metadata })
    expect(await client.findHosts({ model: `m${entryPoint}` })).toMatchObject([{ node }])
    expect(await client.findHosts({ model: `m${entryPoint}`, region: 'us' })).toEqual([])
  })

  test('opens a session in one op, leaves nothing approved, and is settled to the last unit', async () => {
    const app = freshKey()
    const renter = await fixture.createRenter('5', { entryPoint })
    const address = renter.account.address
    const { sessionId } = await renter.openSessionSync({ ...terms(app.address), deposit: usdc(5) })
    expect(
      await fixture.publicClient.readContract({
        abi: erc20Abi,
        address: devnet.contracts.usdc,
        functionName: 'allowance',
        args: [address, devnet.contracts.marketplace],
      }),
    ).toBe(0n)

    const first = await renter.signVoucher({ sessionId, cumulativeTokens: 500n, coSigner: app })
    expect(await renter.checkpointSync({ voucher: first })).toMatchObject({
      cumulativeTokens: 500n,
    })
    expect(await renter.getSession({ sessionId })).toMatchObject({
      status: 'active',
      provenTokens: 500n,
      coSigner: app.address,
    })
    const voucher = await renter.signVoucher({ sessionId, cumulativeTokens: 2500n, coSigner: app })
    expect(await host.settleSessionSync({ sessionId, voucher })).toMatchObject({
      host: 1_062_500n,
      renter: 3_750_000n,
      protocol: 125_000n,
      stakers: 62_500n,
    })
    expect(await renter.withdrawable({ token: 'usdc' })).toEqual(usdc('3.75'))
    expect(await renter.withdrawSync({ token: 'usdc' })).toMatchObject({ amount: 3_750_000n })
    expect(await balanceOf(devnet.contracts.usdc, address)).toBe(3_750_000n)
  })

  test('a signed grant works from the first op, even before the account exists', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('10', { entryPoint })
    const grant = await renter.grantSession({
      key: key.address,
      expiresIn: '24h',
      uses: 2,
      scope: ['postJob'],
      spend: { usdc: { total: usdc(3), perCall: usdc(2) } },
    })
    expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'unused' })
    const app = renter.withSession(JSON.parse(JSON.stringify(grant)), key)

    const posted = await app.postJobSync({ ...job, payment: usdc(2) })
    expect(posted).toMatchObject({ renter: renter.account.address, payment: 2_000_000n })
    expect(await renter.getSessionKey(grant)).toMatchObject({
      status: 'active',
      usesLeft: 1,
      limits: [{ token: 'usdc', left: 1_000_000n, perCall: 2_000_000n }],
    })
    const tooMuch = app.postJob({ ...job, payment: usdc(2) })
    await expect(tooMuch).rejects.toBeInstanceOf(SessionSpendLimitExceededError)
    await expect(tooMuch).rejects.toMatchObject({
      token: 'usdc',
      asked: 2_000_000n,
      left: 1_000_000n,
    })
    await app.postJobSync({ ...job, payment: usdc(1) })
    await expect(app.postJob({ ...job, payment: usdc(1) })).rejects.toBeInstanceOf(
      SessionUsesExhaustedError,
    )
  })

  test('signs messages and typed data as ERC-1271, and as ERC-6492 before it exists', async () => {
    const client = await fixture.createClient({ entryPoint })
    const { account } = client
    const verify = async () => {
      const signature = await account.signMessage({ message: 'hello' })
      const of = { address: account.address, signature }
      return [
        await fixture.publicClient.verifyMessage({ ...of, message: 'hello' }),
        await fixture.publicClient.verifyMessage({ ...of, message: 'hell0' }),
      ]
    }
    const typedData = {
      domain: { name: 'Mail', version: '1', chainId: 31_337 },
      types: { Mail: [{ name: 'to', type: 'address' }] },
      primaryType: 'Mail',
      message: { to: account.address },
    } as const
    expect(await verify()).toEqual([true, false])
    const signature = await account.signTypedData(typedData)
    expect(
      await fixture.publicClient.verifyTypedData({
        ...typedData,
        address: account.address,
        signature,
      }),
    ).toBe(true)

    await client.grantSessionSync({ key: freshKey().address, expiresIn: '1h', scope: ['claimJob'] })
    expect(await account.isDeployed()).toBe(true)
    expect(await verify()).toEqual([true, false])
  })
})

describe('actions', () => {
  test('several jobs are posted by one operation, each with its own event', async () => {
    const renter = await fixture.createRenter('3')
    await fixture.give.eth(renter.account.address, '1')
    const jobs = await renter.batchSync([
      postJob.call({ ...job, payment: usdc(1) }),
      postJob.call({ ...job, payment: usdc(2) }),
      postJob.call({ ...job, payment: eth('0.5') }),
    ])
    expect(jobs.map(({ payment }) => payment)).toEqual([1_000_000n, 2_000_000n, eth('0.5').value])
    expect(new Set(jobs.map(({ jobId }) => jobId)).size).toBe(3)
  })

  test('a job goes from posted to paid', async () => {
    const renter = await fixture.createRenter('1')
    const { jobId } = await renter.postJobSync({ ...job, payment: usdc(1) })
    const [claimed] = await host.batchSync([claimJob.call({ jobId })])
    expect(claimed).toEqual({ jobId, host: host.account.address })
    expect(await host.submitResultSync({ jobId, resultCid: 'bafyresult' })).toMatchObject({
      resultCid: 'bafyresult',
    })
    expect(await renter.releasePaymentSync({ jobId })).toMatchObject({ hostAmount: 850_000n })
    expect(await renter.getJob({ jobId })).toMatchObject({
      status: 'released',
      renter: renter.account.address,
      host: host.account.address,
      payment: 1_000_000n,
    })
  })

  test('an operation sent without waiting does not get in the way of the next one', async () => {
    const renter = await fixture.createRenter('3')
    const hashes = await Promise.all(
      [1, 2, 3].map(() => renter.postJob({ ...job, payment: usdc(1) })),
    )
    expect(new Set(hashes).size).toBe(3)
    await expect.poll(() => balanceOf(devnet.contracts.usdc, renter.account.address)).toBe(0n)
  })

  test('a voucher is hashed as the marketplace hashes it', async () => {
    const voucher = { sessionId: 7n, cumulativeTokens: 1200n, transcriptHash: zeroHash }
    expect(hashTypedData(voucherTypedData(devnet.contracts, voucher))).toBe(
      await fixture.publicClient.readContract({
        abi: jobMarketplaceAbi,
        address: devnet.contracts.marketplace,
        functionName: 'checkpointDigest',
        args: [7n, 1200n, zeroHash],
      }),
    )
  })
})

describe('session keys', () => {
  test('are refused what the grant does not name, by typed errors', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('5')
    const grant = await renter.grantSessionSync({
      key: key.address,
      expiresIn: '1h',
      scope: [{ name: 'openSession', hosts: [host.account.address] }],
      spend: { usdc: { total: usdc(5) } },
    })
    const app = renter.withSession(grant, key)
    const session = { ...terms(key.address), deposit: usdc(5) }
    await expect(app.withdraw({ token: 'usdc' })).rejects.toBeInstanceOf(SessionCallNotAllowedError)
    await expect(app.openSession({ ...session, host: key.address })).rejects.toBeInstanceOf(
      SessionArgumentNotAllowedError,
    )
    expect(await app.openSessionSync(session)).toMatchObject({ deposit: 5_000_000n })
  })

  test('revoking an installed key ends it, also for the signed grant it came from', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('2')
    const grant = await renter.grantSession({
      key: key.address,
      expiresIn: '1h',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(2) } },
    })
    const app = renter.withSession(grant, key)
    await app.postJobSync({ ...job, payment: usdc(1) })
    expect(await renter.revokeSessionSync(grant)).toMatchObject({ outcome: 'revoked' })
    expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'revoked', usesLeft: 0 })
    await expect(app.postJob({ ...job, payment: usdc(1) })).rejects.toBeInstanceOf(
      SessionKeyNotActiveError,
    )
  })

  test('revoking a grant before its first use cancels it', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('1')
    const grant = await renter.grantSession({
      key: key.address,
      expiresIn: '1h',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(1) } },
    })
    expect(await renter.revokeSessionSync(grant)).toMatchObject({ outcome: 'cancelled' })
    expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'revoked', usesLeft: 0 })
    const app = renter.withSession(grant, key)
    await expect(app.postJob({ ...job, payment: usdc(1) })).rejects.toBeInstanceOf(
      SessionKeyNotActiveError,
    )
  })

  test('two grants of one key and one time are told apart, and the later use replaces the earlier', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('3')
    const grantOf = (uses: number) =>
      renter.grantSession({
        key: key.address,
        expiresIn: '1h',
        uses,
        scope: ['postJob'],
        spend: { usdc: { total: usdc(3) } },
      })
    const [first, second] = [await grantOf(1), await grantOf(5)]
    expect(second.policy.validUntil).toBe(first.policy.validUntil)
    await renter.withSession(first, key).postJobSync({ ...job, payment: usdc(1) })
    expect(await renter.getSessionKey(first)).toMatchObject({ usesLeft: 0, status: 'exhausted' })
    expect(await renter.getSessionKey(second)).toMatchObject({ status: 'unused' })
    await renter.withSession(second, key).postJobSync({ ...job, payment: usdc(1) })
    expect(await renter.getSessionKey(second)).toMatchObject({ status: 'active', usesLeft: 4 })
    expect(await renter.getSessionKey(first)).toMatchObject({ status: 'revoked' })
  })

  test('every grant ends with its epoch, installed or not', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('1')
    const terms = { expiresIn: '1h', scope: ['claimJob'] } as const
    const installed = await renter.grantSessionSync({ ...terms, key: key.address })
    const signed = await renter.grantSession({ ...terms, key: freshKey().address })
    const data = encodeFunctionData({
      abi: fabstirAccountAbi,
      functionName: 'revokeAllSessionKeys',
    })
    await waitForOperation(renter, {
      hash: await sendUserOperation(renter, {
        account: renter.account,
        calls: [{ to: renter.account.address, data }],
      }),
    })
    expect(await renter.getSessionKey(installed)).toMatchObject({ status: 'revoked' })
    expect(await renter.getSessionKey(signed)).toMatchObject({ status: 'revoked' })
  })

  test('a key whose time is over is expired', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('1')
    const grant = await renter.grantSessionSync({
      key: key.address,
      expiresIn: '3s',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(1) } },
    })
    const app = renter.withSession(grant, key)
    await expect
      .poll(
        async () => {
          await fixture.give.eth(key.address, '0.001')
          const { timestamp } = await fixture.publicClient.getBlock()
          return timestamp > grant.policy.validUntil
        },
        { timeout: 10_000, interval: 500 },
      )
      .toBe(true)
    const late = app.postJob({ ...job, payment: usdc(1) })
    await expect(late).rejects.toBeInstanceOf(SessionKeyExpiredError)
    await expect(late).rejects.toMatchObject({ validUntil: grant.policy.validUntil })
  })
})

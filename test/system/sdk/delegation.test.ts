import { fabstirAccountAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  createFabstirClient,
  DelegationError,
  type FabstirOwner,
  toFabstirAccount,
  usdc,
} from '@fabstir/sdk'
import { concatHex, createWalletClient, custom, http, type LocalAccount, zeroAddress } from 'viem'
import { createBundlerClient, createPaymasterClient } from 'viem/account-abstraction'
import { signAuthorization } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { softwarePasskey } from '../../fixtures/softwareKeys.ts'
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

const implementationOf = (version: '0.8' | '0.9') => {
  const found = devnet.contracts.deployments.find((one) => one.entryPointVersion === version)
  if (!found) throw new Error(`no deployment on ${version}`)
  return found.accountImplementation
}
const codeOf = (address: `0x${string}`) => fixture.publicClient.getCode({ address })
const designator = (implementation: `0x${string}`) =>
  concatHex(['0xef0100', implementation]).toLowerCase()

/** Sends a transaction of the EOA's own, with or without another delegation in it. */
async function sendOwn(owner: LocalAccount, delegate?: `0x${string}`) {
  await fixture.give.eth(owner.address, '1')
  const wallet = createWalletClient({
    account: owner,
    chain: devnet.chain,
    transport: http(devnet.rpcUrl),
  })
  const authorizationList = delegate
    ? [await wallet.signAuthorization({ contractAddress: delegate, executor: 'self' })]
    : undefined
  const hash = await wallet.sendTransaction({
    to: zeroAddress,
    ...(authorizationList && { authorizationList }),
  })
  await fixture.publicClient.waitForTransactionReceipt({ hash })
}

/** A wallet that signs typed data and messages, and no authorizations. */
function walletOf(key: LocalAccount) {
  return createWalletClient({
    account: key.address,
    transport: custom({
      async request({ method, params }: { method: string; params: [string, string] }) {
        if (method === 'eth_signTypedData_v4') return key.signTypedData(JSON.parse(params[1]))
        throw new Error(`unexpected ${method}`)
      },
    }),
  })
}

describe('an EIP-7702 account', () => {
  test('is taken to the code of another EntryPoint, and keeps its tokens and keys', async () => {
    const owner = freshKey()
    const key = freshKey()
    const on08 = await fixture.createRenter('3', { owner, eip7702: true })
    const grant = await on08.grantSessionSync({ ...posting, key })
    const on09 = await fixture.createClient({ owner, eip7702: true, entryPoint: '0.9' })
    expect(await on09.account.isDeployed()).toBe(false)
    expect(await on09.postJobSync(job)).toMatchObject({ renter: owner.address })
    expect(await codeOf(owner.address)).toBe(designator(implementationOf('0.9')))
    // The grant is for EntryPoint 0.8, where the account is no more.
    await expect(on08.withSession(grant, key).postJob(job)).rejects.toBeInstanceOf(DelegationError)
    expect(await on08.postJobSync(job)).toMatchObject({ renter: owner.address })
    expect(await on08.withSession(grant, key).postJobSync(job)).toMatchObject({
      renter: owner.address,
    })
  })

  test('works for viem as it is: plain bundler client, authorization signed by viem', async () => {
    const owner = freshKey()
    const client = await fixture.createClient({ owner, eip7702: true })
    const account = await toFabstirAccount({
      client: fixture.publicClient,
      owner,
      eip7702: true,
      contracts: devnet.contracts,
    })
    if (!account.authorization) throw new Error('no authorization')
    const bundler = createBundlerClient({
      account,
      chain: devnet.chain,
      client: fixture.publicClient,
      transport: http(devnet.bundlerUrl),
      paymaster: createPaymasterClient({ transport: fixture.sponsor() }),
      userOperation: {
        estimateFeesPerGas: async () => ({
          maxFeePerGas: 20_000_000_000n,
          maxPriorityFeePerGas: 1_000_000_000n,
        }),
      },
    })
    const hash = await bundler.sendUserOperation({
      calls: [
        {
          to: owner.address,
          abi: fabstirAccountAbi,
          functionName: 'revokeAllSessionKeys',
        },
      ],
      authorization: await signAuthorization(fixture.publicClient, account.authorization),
    })
    const { success } = await bundler.waitForUserOperationReceipt({ hash })
    expect(success).toBe(true)
    expect(await client.account.isDeployed()).toBe(true)
  })

  test('a wallet owns one that is delegated already, and cannot delegate', async () => {
    const key = freshKey()
    const wallet = walletOf(key)
    const create = () =>
      toFabstirAccount({
        client: fixture.publicClient,
        owner: wallet,
        eip7702: true,
        contracts: devnet.contracts,
      })
    await expect(create()).rejects.toBeInstanceOf(DelegationError)
    await expect(create()).rejects.toMatchObject({ account: key.address })
    await sendOwn(key, implementationOf('0.8'))
    await fixture.give.usdc(key.address, '1')
    const client = createFabstirClient({
      account: await create(),
      transport: http(devnet.bundlerUrl),
      paymaster: fixture.sponsor(),
    })
    expect(await client.postJobSync(job)).toMatchObject({ renter: key.address })
  })

  test.each([
    { now: 'delegated elsewhere', delegate: () => devnet.contracts.usdc },
    { now: 'not delegated any more', delegate: () => zeroAddress },
  ])('an EOA that is $now grants in the epoch that it has stored', async ({ delegate }) => {
    const [owner, key, earlierKey] = [freshKey(), freshKey(), freshKey()]
    const renter = await fixture.createRenter('2', { owner, eip7702: true })
    const earlier = await renter.grantSessionSync({ ...posting, key: earlierKey })
    await renter.revokeAllSessionsSync()
    await sendOwn(owner, delegate())

    const grant = await renter.grantSession({ ...posting, key })
    expect(grant.enable?.epoch).toBe(1)
    expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'unused' })
    // The first use delegates the EOA again, and installs the grant.
    expect(await renter.withSession(grant, key).postJobSync(job)).toMatchObject({
      renter: owner.address,
    })
    expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'active', usesLeft: 999 })
    expect(await renter.getSessionKey(earlier)).toMatchObject({ status: 'revoked' })
  })

  test('a grant is void once its EOA has sent a transaction of its own, and says so', async () => {
    const owner = freshKey()
    const key = freshKey()
    const renter = await fixture.createRenter('1', { owner, eip7702: true })
    const grant = await renter.grantSession({ ...posting, key })
    expect(grant.authorization).toMatchObject({ nonce: 0, address: implementationOf('0.8') })
    await sendOwn(owner)
    const late = renter.withSession(grant, key).postJob(job)
    await expect(late).rejects.toBeInstanceOf(DelegationError)
    await expect(late).rejects.toThrow('nonce')
    // The owner delegates with its present nonce, and the grant is good again.
    await renter.revokeSessionSync({ key: freshKey().address })
    expect(await renter.withSession(grant, key).postJobSync(job)).toMatchObject({
      renter: owner.address,
    })
  })

  test.each<{ name: string; owner: () => FabstirOwner; salt?: bigint; problem: string }>([
    { name: 'a passkey', owner: softwarePasskey, problem: 'webAuthn key' },
    { name: 'a salt', owner: freshKey, salt: 1n, problem: 'no salt' },
  ])('$name is refused', async ({ owner, salt, problem }) => {
    const create = toFabstirAccount({
      client: fixture.publicClient,
      owner: owner(),
      eip7702: true,
      contracts: devnet.contracts,
      ...(salt && { salt: salt as unknown as undefined }),
    })
    await expect(create).rejects.toBeInstanceOf(DelegationError)
    await expect(create).rejects.toThrow(problem)
  })
})

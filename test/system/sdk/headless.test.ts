import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  InsufficientBalanceError,
  SponsorRefusedError,
  TokenMismatchError,
  usdc,
} from '@fabstir/sdk'
import {
  type EthersSigner,
  FabstirLLMSDK,
  FabstirSDKHeadless,
  HeadlessContractManager,
  type HeadlessSigner,
  SignerNotSetError,
} from '@fabstir/sdk/headless'
import { type Address, http, parseEventLogs } from 'viem'
import type { LocalAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { softwarePasskey } from '../../fixtures/softwareKeys.ts'
import { freshKey, sdkFixture } from '../sdkFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
}, 180_000)
afterAll(() => devnet?.close())

/** Signers as ethers has them, over a key of viem's. */
const ethersSigner = (key: LocalAccount, version: 5 | 6): EthersSigner => {
  const sign: NonNullable<EthersSigner['signTypedData']> = (domain, types, message) => {
    const [primaryType = ''] = Object.keys(types).filter(
      (name) =>
        !Object.values(types)
          .flat()
          .some(({ type }) => type.replace(/\[\d*\]$/, '') === name),
    )
    return key.signTypedData({ domain, types, primaryType, message })
  }
  return {
    getAddress: async () => key.address,
    signMessage: (message) =>
      key.signMessage({ message: typeof message === 'string' ? message : { raw: message } }),
    ...(version === 6 ? { signTypedData: sign } : { _signTypedData: sign }),
  }
}

const config = () => ({
  provider: fixture.publicClient,
  chain: devnet.chain,
  transport: http(devnet.bundlerUrl),
  paymaster: fixture.sponsor(),
  pollingInterval: 20,
  timeout: 30_000,
})
const job = { modelId: 'llama-70b', prompt: 'bafyprompt' }

/** A signer whose account has so many USDC. */
async function withUsdc(
  amount: string,
  signer: (key: LocalAccount) => HeadlessSigner = (key) => key,
) {
  const key = freshKey()
  const { account } = await fixture.createRenter(amount, { owner: key })
  return { signer: signer(key), account: account.address }
}
const allowance = (owner: Address) =>
  fixture.publicClient.readContract({
    address: devnet.contracts.usdc,
    abi: [
      {
        type: 'function',
        name: 'allowance',
        stateMutability: 'view',
        inputs: [
          { name: 'owner', type: 'address' },
          { name: 'spender', type: 'address' },
        ],
        outputs: [{ name: '', type: 'uint256' }],
      },
    ],
    functionName: 'allowance',
    args: [owner, devnet.contracts.marketplace],
  })
async function postedBy(hash: `0x${string}` | null) {
  const receipt = await fixture.publicClient.getTransactionReceipt({ hash: hash ?? '0x' })
  const logs = parseEventLogs({
    abi: jobMarketplaceAbi,
    eventName: 'JobPosted',
    logs: receipt.logs,
  })
  return logs.map(({ args }) => args)
}

describe('HeadlessContractManager', () => {
  test.each([
    { name: 'a signer of ethers 6', signer: (key: LocalAccount) => ethersSigner(key, 6) },
    { name: 'a signer of ethers 5', signer: (key: LocalAccount) => ethersSigner(key, 5) },
    { name: 'a viem account', signer: (key: LocalAccount) => key },
  ])('$name posts a job in USDC from its own account', async ({ signer: toSigner }) => {
    const manager = new HeadlessContractManager(config())
    const { signer, account } = await withUsdc('2', toSigner)
    const requirements = { maxTimeToComplete: 7200, minReputationScore: 0 }
    const { hash, wait } = await manager.postJobWithToken(job, requirements, 'USDC', '1.5', signer)
    const { jobId, renter, payment, transactionHash } = await wait()
    expect(hash).toMatch(/^0x[\da-f]{64}$/)
    expect({ renter, payment }).toEqual({ renter: account, payment: 1_500_000n })
    expect(await postedBy(transactionHash)).toMatchObject([{ jobId, modelId: 'llama-70b' }])
    expect(await manager.getJob(jobId)).toMatchObject({ renter: account, status: 'posted' })
    expect(await allowance(account)).toBe(0n)
  })

  test('a job in ETH is paid with the operation', async () => {
    const manager = new HeadlessContractManager(config())
    const { signer, account } = await withUsdc('1')
    await fixture.give.eth(account, '1')
    const details = { ...job, offerPrice: '0.25' }
    const { wait } = await manager.postJob(details, {}, signer)
    expect(await wait()).toMatchObject({ renter: account, payment: 250_000_000_000_000_000n })
    expect(await fixture.publicClient.getBalance({ address: account })).toBe(
      750_000_000_000_000_000n,
    )
  })

  test('two jobs of one signer at once do not take each other’s nonce', async () => {
    const manager = new HeadlessContractManager(config())
    const { signer, account } = await withUsdc('2')
    const post = async () => (await manager.postJobWithToken(job, {}, 'USDC', '1', signer)).wait()
    const posted = await Promise.all([post(), post()])
    expect(new Set(posted.map(({ jobId }) => jobId)).size).toBe(2)
    expect(posted.map(({ renter }) => renter)).toEqual([account, account])
  })

  test('a session key posts for the account that granted it', async () => {
    const manager = new HeadlessContractManager(config())
    const key = freshKey()
    const renter = await fixture.createRenter('1')
    const grant = await renter.grantSession({
      key: key.address,
      expiresIn: '1h',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(1) } },
    })
    const { account: session } = renter.withSession(grant, key)
    const { wait } = await manager.postJobWithToken(job, {}, 'USDC', 1_000_000n, session)
    expect(await wait()).toMatchObject({ renter: renter.account.address })
  })

  test.each(['USDT', 'toString', '0x12'])('no token %s is known', async (token) => {
    const manager = new HeadlessContractManager(config())
    const posting = manager.postJobWithToken(job, {}, token as 'USDC', '1', freshKey())
    await expect(posting).rejects.toBeInstanceOf(TokenMismatchError)
    await expect(posting).rejects.toMatchObject({ field: 'paymentToken', token })
  })

  test('a token by its address: a named one has decimals, any other takes a bigint', async () => {
    const manager = new HeadlessContractManager(config())
    const { signer } = await withUsdc('1')
    const { usdc: token } = devnet.contracts
    const { wait } = await manager.postJobWithToken(job, {}, token, '1', signer)
    expect(await wait()).toMatchObject({ payment: 1_000_000n })
    const other = '0x00000000000000000000000000000000000000aA'
    await expect(manager.postJobWithToken(job, {}, other, '1', signer)).rejects.toBeInstanceOf(
      TokenMismatchError,
    )
  })
})

describe('FabstirLLMSDK', () => {
  test('submitJob goes by the token: USDC by default, or ETH', async () => {
    const { signer, account } = await withUsdc('3')
    await fixture.give.eth(account, '1')
    const { provider, ...services } = config()
    const sdk = new FabstirLLMSDK(provider, { ...services, signer })
    const events: unknown[] = []
    sdk.on('jobSubmitted', ({ hash }) => events.push(hash))
    sdk.on('jobPosted', ({ jobId }) => events.push(jobId))
    const inUsdc = await sdk.submitJob({ ...job, paymentAmount: '2', maxTokens: 64 })
    const inEth = await sdk.submitJob({ ...job, paymentToken: 'ETH', paymentAmount: '0.5' })
    expect(events).toEqual([hash32, inUsdc, hash32, inEth])
    const manager = new HeadlessContractManager(config())
    expect(await manager.getJob(BigInt(inUsdc))).toMatchObject({ payment: 2_000_000n })
    expect(await manager.getJob(BigInt(inEth))).toMatchObject({ payment: 500_000_000_000_000_000n })
    const poor = sdk.submitJob({ ...job, paymentAmount: '2' })
    await expect(poor).rejects.toBeInstanceOf(InsufficientBalanceError)
    await expect(poor).rejects.toMatchObject({ token: 'usdc', required: 2_000_000n })
    expect(await allowance(account)).toBe(0n)
  })

  test('a provider as ethers has it answers, and brings its signer', async () => {
    const { signer } = await withUsdc('1', (key) => ethersSigner(key, 6))
    const { provider: client, ...services } = config()
    const provider = {
      send: (method: string, params: unknown[]) => client.request({ method, params } as never),
      getSigner: async () => signer,
    }
    const sdk = new FabstirLLMSDK(provider, services)
    expect(await sdk.submitJob({ ...job, paymentAmount: '1' })).toMatch(/^\d+$/)
  })
})

describe('FabstirSDKHeadless', () => {
  test('signers come and go, and each sends from its own account', async () => {
    const sdk = new FabstirSDKHeadless(config())
    const events: unknown[] = []
    sdk.on('initialized', ({ chainId }) => events.push(chainId))
    sdk.on('signerChanged', ({ address }) => events.push(address))
    sdk.on('signerCleared', () => events.push('cleared'))
    await sdk.initialize()
    expect(sdk.hasSigner()).toBe(false)
    const [first, second] = [
      await withUsdc('1'),
      await withUsdc('1', (key) => ethersSigner(key, 5)),
    ]
    for (const { signer, account } of [first, second]) {
      await sdk.setSigner(signer)
      expect(sdk.getSigner()).toBe(signer)
      const { jobId } = await sdk.submitJob({ ...job, paymentAmount: '1' })
      expect(await sdk.client.getJob({ jobId: BigInt(jobId) })).toMatchObject({ renter: account })
    }
    sdk.clearSigner()
    expect(sdk.getSigner()).toBeUndefined()
    const unsigned = sdk.submitJob({ ...job, paymentAmount: '1' })
    await expect(unsigned).rejects.toBeInstanceOf(SignerNotSetError)
    expect(events).toEqual([31_337, first.account, second.account, 'cleared'])
  })

  test('a slow wallet does not undo a later change', async () => {
    const sdk = new FabstirSDKHeadless(config())
    const key = freshKey()
    let unlock = () => {}
    const locked = new Promise<void>((resolve) => {
      unlock = resolve
    })
    const slow: EthersSigner = {
      ...ethersSigner(freshKey(), 6),
      getAddress: async () => {
        await locked
        return freshKey().address
      },
    }
    const setting = sdk.setSigner(slow)
    await sdk.setSigner(key)
    unlock()
    await setting
    expect(sdk.getSigner()).toBe(key)
    const later = sdk.setSigner(softwarePasskey())
    sdk.clearSigner()
    await later
    expect(sdk.hasSigner()).toBe(false)
  })

  test('knows its jobs and hosts, and tells how far a job is', async () => {
    const sdk = new FabstirSDKHeadless(config())
    const host = await fixture.createHost()
    const found = await sdk.discoverNodes({ model: 'llama-70b' })
    expect(found.map(({ node }) => node)).toContain(host.account.address)
    expect(sdk.nodes.get(host.account.address)).toMatchObject({ metadata: { region: 'us-west' } })

    const { signer } = await withUsdc('1')
    await sdk.setSigner(signer)
    const { jobId, userOperationHash } = await sdk.submitJob({ ...job, paymentAmount: '1' })
    expect(sdk.jobs.get(jobId)).toEqual({ jobId, phase: 'Posted', userOperationHash })
    const changes: string[] = []
    sdk.on('jobStatus', ({ job: { phase }, previous }) => changes.push(`${previous} ${phase}`))
    await host.claimJobSync({ jobId: BigInt(jobId) })
    expect(await sdk.getJobStatus(jobId)).toEqual({ jobId, phase: 'Claimed', userOperationHash })
    await host.submitResultSync({ jobId: BigInt(jobId), resultCid: 'bafyresult' })
    await sdk.getJobStatus(jobId)
    await sdk.getJobStatus(jobId)
    expect(changes).toEqual(['Posted Claimed', 'Claimed Completed'])
  })

  test('a job that was posted is no failure because a listener throws', async () => {
    const told = vi.spyOn(console, 'error').mockReturnValueOnce()
    const sdk = new FabstirSDKHeadless(config())
    const { signer } = await withUsdc('1')
    await sdk.setSigner(signer)
    const failed = vi.fn()
    const mistake = new Error('of the listener')
    sdk.on('jobFailed', failed)
    sdk.on('jobPosted', () => {
      throw mistake
    })
    const { jobId } = await sdk.submitJob({ ...job, paymentAmount: '1' })
    expect(sdk.jobs.get(jobId)).toMatchObject({ phase: 'Posted' })
    expect(failed).not.toHaveBeenCalled()
    expect(told).toHaveBeenCalledExactlyOnceWith(mistake)
    told.mockRestore()
  })

  test('a job that cannot be posted is an event and an error', async () => {
    const sdk = new FabstirSDKHeadless({ ...config(), paymasterContext: { policyId: 'nobody' } })
    const { signer } = await withUsdc('1')
    await sdk.setSigner(signer)
    const failed: unknown[] = []
    sdk.once('jobFailed', ({ error }) => failed.push(error))
    const params = { ...job, paymentAmount: '1' }
    for (let tried = 0; tried < 2; tried += 1)
      await expect(sdk.submitJob(params)).rejects.toBeInstanceOf(SponsorRefusedError)
    expect(failed).toEqual([expect.any(SponsorRefusedError)])
    expect(sdk.jobs.size).toBe(0)
  })
})

const hash32 = expect.stringMatching(/^0x[\da-f]{64}$/)

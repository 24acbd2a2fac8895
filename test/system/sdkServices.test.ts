import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  BundlerUnreachableError,
  ChainMismatchError,
  createFabstirClient,
  type FabstirClient,
  getJob,
  MalformedAnswerError,
  NodeUnavailableError,
  PaymasterUnreachableError,
  postJob,
  SponsorRefusedError,
  SponsorUnauthorizedError,
  toFabstirAccount,
  usdc,
} from '@fabstir/sdk'
import { createPublicClient, fallback, http, type Transport } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys } from '../../devnet/src/apps.ts'
import { startBundlerProcess } from '../../devnet/src/processes/bundlerProcess.ts'
import { encodeExecute } from '../../sdk/src/accounts/fabstir/executeData.ts'
import { freshKey, sdkFixture } from './sdkFixture.ts'
import {
  answering,
  lost,
  result,
  type ServiceProxy,
  startServiceProxy,
  tamper,
} from './sdkServiceProxy.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
let bundler: ServiceProxy
let paymaster: ServiceProxy
let node: ServiceProxy

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
  bundler = await startServiceProxy(devnet.bundlerUrl)
  paymaster = await startServiceProxy(devnet.paymasterUrl)
  node = await startServiceProxy(devnet.rpcUrl)
}, 180_000)
afterEach(() => {
  for (const proxy of [bundler, paymaster, node]) proxy.answer()
})
afterAll(async () => {
  await Promise.all([bundler, paymaster, node].map((proxy) => proxy?.close()))
  await devnet?.close()
})

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
const noRetry = { retryCount: 0 }
const viaBundler = () => http(bundler.url, noRetry)
const viaPaymaster = (): Transport =>
  http(paymaster.url, {
    ...noRetry,
    fetchOptions: { headers: { Authorization: `Bearer ${apiKeys.demo}` } },
  })

const jobsOf = (client: FabstirClient) => fixture.jobsOf(client)

describe('a sponsor that answers nonsense', () => {
  test.each([
    { name: 'nothing', value: null },
    { name: 'no paymaster, which would leave the bill to the account', value: {} },
    { name: 'text', value: 'sponsored' },
    { name: 'no address', value: { paymaster: '0x12', paymasterData: '0x' } },
    {
      name: 'gas limits that are no numbers',
      value: {
        paymaster: '0x1100000000000000000000000000000000000011',
        paymasterData: '0x',
        paymasterPostOpGasLimit: 'much',
      },
    },
  ])('$name', async ({ value }) => {
    const renter = await fixture.createRenter('1', { paymaster: viaPaymaster() })
    // It could pay by itself; but it was told that somebody else does.
    await fixture.give.eth(renter.account.address, '1')
    for (const method of ['pm_getPaymasterStubData', 'pm_getPaymasterData']) {
      paymaster.answer(tamper(method, answering(value)))
      const refused = renter.postJob(job)
      await expect(refused).rejects.toBeInstanceOf(MalformedAnswerError)
      await expect(refused).rejects.toMatchObject({ service: 'paymaster', method })
    }
  })

  test('it cannot put calls of its own into the operation', async () => {
    const renter = await fixture.createRenter('5', { paymaster: viaPaymaster() })
    const { calls } = await postJob.call({ ...job, payment: usdc(5) }).prepare(renter)
    paymaster.answer(
      tamper('pm_getPaymasterStubData', async ({ id }, forward) => {
        const stub = JSON.parse(await forward())
        return result(id, { ...stub.result, callData: encodeExecute(calls) })
      }),
    )
    expect(await renter.postJobSync(job)).toMatchObject({ payment: 1_000_000n })
  })

  test('what is no JSON at all is an answer of the sponsor too', async () => {
    const renter = await fixture.createRenter('1', { paymaster: viaPaymaster() })
    paymaster.answer(async () => '<html>')
    await expect(renter.postJob(job)).rejects.toBeInstanceOf(PaymasterUnreachableError)
  })
})

describe('a bundler that answers nonsense', () => {
  test.each([
    { method: 'pimlico_getUserOperationGasPrice', value: { standard: { maxFeePerGas: '1 gwei' } } },
    { method: 'pimlico_getUserOperationGasPrice', value: null },
    { method: 'eth_estimateUserOperationGas', value: {} },
    { method: 'eth_estimateUserOperationGas', value: { callGasLimit: 'much' } },
    { method: 'eth_estimateUserOperationGas', value: null },
  ])('$method: $value', async ({ method, value }) => {
    const renter = await fixture.createRenter('1', { transport: viaBundler() })
    bundler.answer(tamper(method, answering(value)))
    const refused = renter.postJob(job)
    await expect(refused).rejects.toBeInstanceOf(MalformedAnswerError)
    await expect(refused).rejects.toMatchObject({ service: 'bundler', method })
  })
})

describe('services of another chain', () => {
  test('a bundler', async () => {
    const renter = await fixture.createRenter('1', { transport: viaBundler() })
    bundler.answer(async ({ method, id }, forward) => {
      if (method === 'eth_chainId') return result(id, '0x1')
      if (method !== 'eth_estimateUserOperationGas') return forward()
      const error = { code: -32500, message: 'AA20 account not deployed' }
      return JSON.stringify({ jsonrpc: '2.0', id, error })
    })
    const refused = renter.postJob(job)
    await expect(refused).rejects.toBeInstanceOf(ChainMismatchError)
    await expect(refused).rejects.toMatchObject({ service: 'bundler', expected: 31_337, actual: 1 })
  })

  test('a paymaster service', async () => {
    const renter = await fixture.createRenter('1')
    const elsewhere = { ...devnet.contracts, chainId: 1 }
    const client = createFabstirClient({
      account: await toFabstirAccount({
        client: createPublicClient({ transport: http(devnet.rpcUrl) }),
        owner: freshKey(),
        contracts: elsewhere,
      }),
      chain: { ...devnet.chain, id: 1 },
      transport: http(devnet.bundlerUrl),
      paymaster: fixture.sponsor(),
    })
    await fixture.give.usdc(client.account.address, '1')
    const refused = client.postJob(job)
    await expect(refused).rejects.toBeInstanceOf(ChainMismatchError)
    await expect(refused).rejects.toMatchObject({ service: 'paymaster', expected: 1 })
    expect(await jobsOf(renter)).toEqual([])
  })

  test('a node', async () => {
    node.answer(async ({ method, id }) => result(id, method === 'eth_chainId' ? '0x1' : '0x'))
    const client = createPublicClient({ chain: devnet.chain, transport: http(node.url, noRetry) })
    const account = toFabstirAccount({ client, owner: freshKey(), contracts: devnet.contracts })
    await expect(account).rejects.toBeInstanceOf(ChainMismatchError)
    await expect(account).rejects.toMatchObject({ service: 'node', expected: 31_337, actual: 1 })
    const reading = getJob({ client, contracts: devnet.contracts }, { jobId: 1n })
    await expect(reading).rejects.toBeInstanceOf(ChainMismatchError)
  })
})

describe('a sponsor that refuses', () => {
  test('a spent budget is a typed refusal', async () => {
    const renter = await fixture.createRenter('10', { paymaster: fixture.sponsor(apiKeys.small) })
    const post = async () => {
      for (let posted = 0; posted < 10; posted += 1) await renter.postJobSync(job)
    }
    const refused = await post().catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(SponsorRefusedError)
    expect(refused).toMatchObject({ rule: expect.stringMatching(/./) })
  })

  test('a wrong API key is not a refusal', async () => {
    const renter = await fixture.createRenter('1', { paymaster: fixture.sponsor('wrong') })
    await expect(renter.postJob(job)).rejects.toBeInstanceOf(SponsorUnauthorizedError)
  })

  test('services that do not answer are told apart', async () => {
    const nowhere = http('http://127.0.0.1:1', { retryCount: 0 })
    const noBundler = await fixture.createRenter('1', { transport: nowhere })
    const noPaymaster = await fixture.createRenter('1', { paymaster: nowhere })
    await expect(noBundler.postJob(job)).rejects.toBeInstanceOf(BundlerUnreachableError)
    await expect(noPaymaster.postJob(job)).rejects.toBeInstanceOf(PaymasterUnreachableError)
  })
})

describe('services that are down', () => {
  test('the node behind a bundler that is up', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fabstir-sdk-'))
    const own = await startBundlerProcess({
      rpcUrl: node.url,
      port: 0,
      store: join(folder, 'bundler.sqlite'),
    })
    try {
      const renter = await fixture.createRenter('1', { transport: http(own.url, noRetry) })
      node.answer(async () => lost)
      await expect(renter.postJob(job)).rejects.toBeInstanceOf(NodeUnavailableError)
    } finally {
      node.answer()
      await own.stop()
      await rm(folder, { recursive: true })
    }
  })

  test('the node of the client, behind one URL or several', async () => {
    for (const transport of [http(node.url, noRetry), fallback([http(node.url, noRetry)])]) {
      node.answer()
      const client = createPublicClient({ chain: devnet.chain, transport })
      const account = () =>
        toFabstirAccount({ client, owner: freshKey(), contracts: devnet.contracts })
      const renter = createFabstirClient({ account: await account(), transport: viaBundler() })
      node.answer(async () => lost)
      await expect(account()).rejects.toBeInstanceOf(NodeUnavailableError)
      await expect(renter.postJob(job)).rejects.toBeInstanceOf(NodeUnavailableError)
      await expect(renter.getJob({ jobId: 1n })).rejects.toBeInstanceOf(NodeUnavailableError)
    }
  })

  test('the bundler goes away before the send, and the paymaster service after the stub', async () => {
    const renter = await fixture.createRenter('1', {
      transport: viaBundler(),
      paymaster: viaPaymaster(),
    })
    bundler.answer(tamper('eth_estimateUserOperationGas', async () => lost))
    await expect(renter.postJob(job)).rejects.toBeInstanceOf(BundlerUnreachableError)
    bundler.answer()
    paymaster.answer(tamper('pm_getPaymasterData', async () => lost))
    await expect(renter.postJob(job)).rejects.toBeInstanceOf(PaymasterUnreachableError)
    paymaster.answer()
    await renter.postJobSync(job)
    expect(await jobsOf(renter)).toHaveLength(1)
  })

  test('everything but the bundler', async () => {
    const renter = await fixture.createRenter('1')
    await devnet.services.paymaster.stop()
    await expect(renter.postJob(job)).rejects.toBeInstanceOf(PaymasterUnreachableError)
    await devnet.services.chain.stop()
    await expect(renter.postJob(job)).rejects.toBeInstanceOf(NodeUnavailableError)
  })
})

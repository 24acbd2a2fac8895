import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import { createFabstirWalletClient, postJob } from '@fabstir/sdk'
import {
  ContractFunctionRevertedError,
  encodeFunctionData,
  type Hex,
  isErc6492Signature,
  numberToHex,
  stringToHex,
  type WalletGetCallsStatusReturnType,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sdkFixture } from '../sdkFixture.ts'
import {
  ask,
  batchOf,
  chainId,
  job,
  losingAnswers,
  providerFixture,
  refusal,
  withMeantime,
} from './providerFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
let wallets: ReturnType<typeof providerFixture>
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
  wallets = providerFixture(devnet, fixture)
}, 180_000)
afterAll(() => devnet?.close())

const typedData = {
  domain: { name: 'Mail', version: '1', chainId: 31_337 },
  types: { Mail: [{ name: 'text', type: 'string' }] },
  primaryType: 'Mail',
  message: { text: 'hello' },
} as const

const cancel = (jobId: bigint) =>
  ({
    address: devnet.contracts.marketplace,
    abi: jobMarketplaceAbi,
    functionName: 'cancelJob',
    args: [jobId],
  }) as const

test('a viem wallet client sends, signs and reads through it, without ETH', async () => {
  const { dapp, provider, address, asked, renter } = await wallets.createConnected()
  const { publicClient } = fixture
  expect(await dapp.getAddresses()).toEqual([address])
  expect(await dapp.getChainId()).toBe(31_337)

  const message = await dapp.signMessage({ account: address, message: 'log in' })
  const signature = await dapp.signTypedData({ account: address, ...typedData })
  // As ethers writes it.
  const { chainId: _, ...domain } = typedData.domain
  const asJson = { ...typedData, domain: { ...domain, chainId } }
  expect(await ask(provider, 'eth_signTypedData_v4', [address, asJson])).toBe(signature)
  expect([message, signature].map(isErc6492Signature)).toEqual([true, true])
  expect(
    await Promise.all([
      publicClient.verifyMessage({ address, message: 'log in', signature: message }),
      publicClient.verifyMessage({ address, message: 'log 1n', signature: message }),
      publicClient.verifyTypedData({ address, ...typedData, signature }),
    ]),
  ).toEqual([true, false, true])

  const { jobId } = await renter.postJobSync(job)
  const hash = await dapp.writeContract({ account: address, ...cancel(jobId) })
  expect(await dapp.waitForTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
  expect(await renter.getJob({ jobId })).toMatchObject({ status: 'cancelled' })
  expect(await publicClient.getBalance({ address })).toBe(0n)
  expect(isErc6492Signature(await dapp.signMessage({ account: address, message: '' }))).toBe(false)
  expect(asked.map(({ type }) => type)).toEqual([
    ...['connect', 'signMessage', 'signTypedData', 'signTypedData'],
    ...['sendCalls', 'signMessage'],
  ])
  expect(asked[1]).toMatchObject({
    origin: 'https://app.example',
    account: address,
    message: stringToHex('log in'),
    text: 'log in',
  })
})

test("this package's own client of wallets sends by it", async () => {
  const { provider, address } = await wallets.createConnected()
  const { publicClient: client } = fixture
  const app = await createFabstirWalletClient({ wallet: provider, client, pollingInterval: 50 })
  expect(await app.postJobSync(job)).toMatchObject({ renter: address, payment: 1_000_000n })
})

describe('a transaction that reverts', () => {
  test('in the estimate is refused with its custom error', async () => {
    const { dapp, address } = await wallets.createConnected()
    const failure = await refusal(dapp.writeContract({ account: address, ...cancel(999n) }))
    const reverted = (failure as { walk?: (fn: (e: unknown) => boolean) => unknown }).walk?.(
      (error) => error instanceof ContractFunctionRevertedError,
    )
    expect(reverted).toMatchObject({ data: { errorName: 'JobWrongStatus' } })
  })

  test('on chain is refused with its custom error too: no hash stands for success', async () => {
    const { transport, meantime } = withMeantime(devnet.bundlerUrl)
    const { provider, address, renter } = await wallets.createConnected({}, { transport })
    const { jobId } = await renter.postJobSync(job)
    const [call] = cancelCalls(jobId)
    const other = await fixture.createHost()
    meantime(() => other.claimJobSync({ jobId }))
    const failure = await refusal(
      ask(provider, 'eth_sendTransaction', [{ from: address, ...call }]),
    )
    expect(failure).toMatchObject({ code: 3, details: expect.stringMatching(/reverted/) })
    expect(failure.data).toMatch(/^0x[\da-f]{8}/)
  })
})

const cancelCalls = (jobId: bigint) => {
  const { address, ...call } = cancel(jobId)
  return [{ to: address, data: encodeFunctionData(call) }]
}

describe('EIP-5792', () => {
  test('a batch is one operation, with its own logs in the one receipt', async () => {
    const { dapp, provider, address, renter, asked } = await wallets.createConnected()
    const calls = [...(await wallets.jobCalls(renter)), ...(await wallets.jobCalls(renter))]
    const { id } = await dapp.sendCalls({
      account: address,
      calls: calls.map(({ to, data }) => ({ to, data })),
      forceAtomic: true,
    })
    const result = await dapp.waitForCallsStatus({ id })
    expect(result).toMatchObject({ atomic: true, statusCode: 200, chainId: 31_337, id })
    const receipts = result.receipts ?? []
    expect(receipts).toHaveLength(1)
    const { logs = [], transactionHash } = receipts[0] ?? {}
    expect(postJob.extractEvent(logs as never)).toMatchObject({ renter: address })
    expect(await fixture.jobsOf(renter)).toHaveLength(2)
    const receipt = await dapp.getTransactionReceipt({ hash: transactionHash as Hex })
    expect(receipt.logs.length).toBeGreaterThan(logs.length)
    expect(asked.at(-1)).toMatchObject({ type: 'sendCalls', chainId: 31_337, paymaster: undefined })
    expect(await ask(provider, 'wallet_showCallsStatus', [id])).toBeNull()
  })

  test('a batch that reverts on chain is 500, with nothing of it done', async () => {
    const { transport, meantime } = withMeantime(devnet.bundlerUrl)
    const { provider, renter } = await wallets.createConnected({}, { transport })
    const { jobId } = await renter.postJobSync(job)
    const calls = [...(await wallets.jobCalls(renter)), ...cancelCalls(jobId)]
    const host = await fixture.createHost()
    meantime(() => host.claimJobSync({ jobId }))
    await ask(provider, 'wallet_sendCalls', batchOf(calls, { id: 'mine' }))
    const status = () => ask(provider, 'wallet_getCallsStatus', ['mine'])
    await expect
      .poll(status, { timeout: 30_000 })
      .toMatchObject({ status: 500, atomic: true, receipts: [{ status: '0x0' }] })
    expect(await fixture.jobsOf(renter)).toHaveLength(1)
  })

  test('a batch whose answer was lost is sent once, and the same calls with another id are another batch', async () => {
    const { transport, back } = losingAnswers(devnet.bundlerUrl)
    const { provider, renter } = await wallets.createConnected({}, { transport, timeout: 1500 })
    const calls = await wallets.jobCalls(renter)
    const send = (id: string) => ask(provider, 'wallet_sendCalls', batchOf(calls, { id }))
    expect(await send('lost')).toEqual({ id: 'lost' })
    back()
    await send('again')
    const transactions = await Promise.all(
      ['lost', 'again'].map(async (id) => {
        const status = () =>
          ask<WalletGetCallsStatusReturnType>(provider, 'wallet_getCallsStatus', [id])
        await expect.poll(status, { timeout: 30_000 }).toMatchObject({ status: 200 })
        return (await status()).receipts?.[0]?.transactionHash
      }),
    )
    expect(new Set(transactions).size).toBe(2)
    expect(await fixture.jobsOf(renter)).toHaveLength(2)
  })

  test('an operation that the bundler has dropped is 400', async () => {
    const { provider, renter } = await wallets.createConnected({
      storage: storageOf({
        batches: [['gone', { chainId: 31_337, hash: numberToHex(1, { size: 32 }) }]],
      }),
    })
    expect(renter.contracts.chainId).toBe(31_337)
    const statuses = [
      await ask(provider, 'wallet_getCallsStatus', ['gone']),
      await ask(provider, 'wallet_getCallsStatus', ['gone']),
    ]
    // One server of several may not know it yet.
    expect(statuses).toMatchObject([{ status: 100 }, { status: 400, receipts: [] }])
  })

  test('the wallet says that it batches and takes paymasters, of the chains that are asked for', async () => {
    const { provider, dapp, address } = await wallets.createConnected()
    const can = { atomic: { status: 'supported' }, paymasterService: { supported: true } }
    expect(await dapp.getCapabilities({ account: address })).toEqual({ 31337: can })
    const of = (chains: readonly string[]) =>
      ask(provider, 'wallet_getCapabilities', [address, chains])
    expect(await of([chainId, '0x1'])).toEqual({ [chainId]: can })
    expect(await of(['0x0'])).toEqual({ '0x0': can })
  })

  test("an app's own paymaster service pays", async () => {
    const { dapp, provider, renter, asked, address } = await wallets.createConnected(
      {},
      {
        paymaster: fixture.sponsor('nobody'),
      },
    )
    const calls = await wallets.jobCalls(renter)
    expect(await refusal(ask(provider, 'wallet_sendCalls', batchOf(calls)))).toMatchObject({
      code: -32003,
    })
    const paymasterService = {
      url: `${devnet.paymasterUrl}/?apikey=fabstir-devnet-demo`,
      context: { policyId: 'marketplace' },
    }
    const { id } = await dapp.sendCalls({
      account: address,
      calls: calls.map(({ to, data }) => ({ to, data })),
      capabilities: { paymasterService },
    })
    expect(await dapp.waitForCallsStatus({ id })).toMatchObject({ statusCode: 200 })
    expect(asked.at(-1)).toMatchObject({ paymaster: paymasterService })
  })
})

function storageOf(record: object) {
  return {
    getItem: () => JSON.stringify(record),
    setItem: () => undefined,
  }
}

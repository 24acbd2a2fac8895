import type { Hex } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Bundler } from '../../../bundler/src/bundler.ts'
import type { OperationReceipt } from '../../fixtures/bundlerClient.ts'
import { rpcResult, waitForOperation } from '../../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../../fixtures/bundlerScene.ts'
import { startBundlerScene, until } from '../../fixtures/bundlerScene.ts'

let scene: BundlerScene

beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

type Preconfirmed = OperationReceipt & { preconfirmed?: boolean }

const receiptOf = async (bundler: Bundler, hash: Hex) =>
  (await rpcResult(bundler.url, 'eth_getUserOperationReceipt', [hash])) as Preconfirmed | null
const statusOf = (bundler: Bundler, hash: Hex) =>
  rpcResult(bundler.url, 'pimlico_getUserOperationStatus', [hash])
const stageOf = async (bundler: Bundler, hash: Hex) => {
  const explained = await rpcResult(bundler.url, 'bundler_explainUserOperation', [hash])
  return (explained as { stage: string }).stage
}
const askedReceipts = () =>
  scene.proxy.seen.filter((method) => method === 'eth_getTransactionReceipt').length

/**
 * Sends an operation, and makes the block with it. The node shows of this block receipts only: it is the
 * pending one of a chain that preconfirms.
 */
async function preconfirm(bundler: Bundler): Promise<Hex> {
  const { chain, proxy } = scene
  await chain.client.setAutomine(false)
  const hash = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'))
  await until(async () => (await scene.status(bundler, hash)) === 'submitted')
  await until(async () => {
    const { transactions } = await chain.client.getBlock({ blockTag: 'pending' })
    return transactions.length > 0
  })
  proxy.lag(() => 1, true)
  await chain.client.mine({ blocks: 1 })
  return hash
}

test('the receipt of an operation is there before its block is sealed, and stays the same', async () => {
  const bundler = await scene.start({ preconfirmations: true })
  const hash = await preconfirm(bundler)
  const preconfirmed: Preconfirmed = await waitForOperation(bundler.url, hash)
  expect(preconfirmed).toMatchObject({ userOpHash: hash, success: true, preconfirmed: true })
  const { transactionHash } = preconfirmed.receipt
  expect(await statusOf(bundler, hash)).toEqual({
    status: 'submitted',
    transactionHash,
    preconfirmed: true,
  })
  expect(await stageOf(bundler, hash)).toBe('preconfirmed')
  expect(await rpcResult(bundler.url, 'eth_getUserOperationByHash', [hash])).toMatchObject({
    blockHash: null,
    transactionHash: null,
  })

  scene.proxy.lag(() => 0)
  await until(async () => (await scene.status(bundler, hash)) === 'included')
  const { preconfirmed: _, ...sealed } = preconfirmed
  expect(await receiptOf(bundler, hash)).toEqual(sealed)
  expect(await stageOf(bundler, hash)).toBe('included')
})

test('when the block vanishes the receipt is gone, and the operation is included by a later one', async () => {
  const { chain, proxy } = scene
  const bundler = await scene.start({ preconfirmations: true })
  const hash = await preconfirm(bundler)
  const preconfirmed: Preconfirmed = await waitForOperation(bundler.url, hash)
  expect(preconfirmed.preconfirmed).toBe(true)
  const { transactionHash } = preconfirmed.receipt
  await chain.reader.request('anvil_rollback', [1])
  proxy.lag(() => 0)
  await until(async () => (await receiptOf(bundler, hash)) === null)
  expect(await statusOf(bundler, hash)).toEqual({ status: 'submitted', transactionHash })
  expect(await stageOf(bundler, hash)).toBe('submitted')
  await chain.client.setAutomine(true)
  // Three blocks without it, and the bundle is sent again.
  await chain.client.mine({ blocks: 4 })
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  await until(async () => (await scene.status(bundler, hash)) === 'included')
})

test('the node is asked for receipts while clients ask, and without the option never', async () => {
  const bundler = await scene.start({ preconfirmations: true })
  const hash = await preconfirm(bundler)
  await waitForOperation(bundler.url, hash)
  const before = askedReceipts()
  const request = { jsonrpc: '2.0', method: 'eth_getUserOperationReceipt', params: [hash] }
  const response = await fetch(bundler.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Array.from({ length: 50 }, (_, id) => ({ ...request, id }))),
  })
  const answers = (await response.json()) as { result: Preconfirmed | null }[]
  expect(answers.filter(({ result }) => result?.preconfirmed)).toHaveLength(50)
  expect(askedReceipts() - before).toBeLessThanOrEqual(1)
  await scene.reset()

  const plain = await scene.start()
  const from = askedReceipts()
  const unasked = await preconfirm(plain)
  expect(await receiptOf(plain, unasked)).toBeNull()
  expect(await statusOf(plain, unasked)).toMatchObject({ status: 'submitted' })
  expect(askedReceipts()).toBe(from)
})

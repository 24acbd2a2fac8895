import type { Address } from 'viem'
import { parseEther, parseGwei } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  rpc,
  rpcResult,
  submit,
  waitForBundle,
  waitForOperation,
} from '../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../fixtures/bundlerScene.ts'
import { startBundlerScene, until } from '../fixtures/bundlerScene.ts'

let scene: BundlerScene
beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

test('a reorg takes the receipt away and the operation is included again', async () => {
  const bundler = await scene.start()
  const account = await scene.accounts.counterfactual('0.8')
  const snapshot = await scene.chain.client.snapshot()
  const hash = await scene.admit(bundler, account)
  const before = await waitForOperation(bundler.url, hash)
  await scene.chain.client.setAutomine(false)
  await scene.chain.client.revert({ id: snapshot })
  await until(async () => (await scene.status(bundler, hash)) === 'submitted')
  expect(await rpcResult(bundler.url, 'eth_getUserOperationReceipt', [hash])).toBeNull()

  await scene.chain.client.increaseTime({ seconds: 5 })
  await scene.chain.client.setAutomine(true)
  await scene.chain.client.mine({ blocks: 1 })
  const after = await waitForOperation(bundler.url, hash)
  expect(after.receipt.blockHash).not.toBe(before.receipt.blockHash)
  expect(after.receipt.transactionHash).toBe(before.receipt.transactionHash)
})

test('a bundle below the base fee is replaced on its own nonce', async () => {
  const bundler = await scene.start()
  const account = await scene.accounts.counterfactual('0.8')
  await scene.chain.client.setAutomine(false)
  const hash = await scene.admit(bundler, account, {
    maxFeePerGas: parseGwei('100'),
    maxPriorityFeePerGas: parseGwei('1'),
  })
  await until(async () => (await scene.status(bundler, hash)) === 'submitted')
  await scene.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('20') })
  const [executor] = bundler.executors as [Address]
  await until(async () => {
    await scene.chain.client.mine({ blocks: 1 })
    await scene.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('20') })
    return (await rpcResult(bundler.url, 'eth_getUserOperationReceipt', [hash])) !== null
  })
  expect(await scene.chain.client.getTransactionCount({ address: executor })).toBe(1)
})

test('an unreachable node is said to be unreachable, loses nothing, and is used again', async () => {
  const bundler = await scene.start({ bundleMode: 'manual' })
  const account = await scene.accounts.counterfactual('0.8')
  const hash = await scene.admit(bundler, account)
  scene.proxy.decide(() => 'refuse')
  const op = account.entryPoint.toRpc(await scene.operation(account, { nonce: 1n << 64n }))
  for (const [method, params] of [
    ['eth_sendUserOperation', [op, account.entryPoint.address]],
    ['eth_estimateUserOperationGas', [op, account.entryPoint.address]],
    ['eth_getUserOperationReceipt', [`0x${'11'.repeat(32)}`]],
    ['debug_bundler_sendBundleNow', []],
  ] as const) {
    expect(await rpc(bundler.url, method, [...params])).toMatchObject({
      error: { code: -32000, data: { reason: 'nodeUnavailable' } },
    })
  }
  expect((await fetch(`${bundler.url}/health`)).status).toBe(200)
  expect((await fetch(`${bundler.url}/ready`)).status).toBe(503)
  expect(await scene.status(bundler, hash)).toBe('not_submitted')

  scene.proxy.decide(() => 'pass')
  expect((await fetch(`${bundler.url}/ready`)).status).toBe(200)
  await waitForBundle(bundler, [hash])
})

test('a send that got no answer is sent again, and its operation included once', async () => {
  const bundler = await scene.start()
  const account = await scene.accounts.counterfactual('0.8')
  scene.proxy.decide((method) => (method === 'eth_sendRawTransaction' ? 'refuse' : 'pass'))
  const hash = await scene.admit(bundler, account)
  await until(async () => (await scene.status(bundler, hash)) === 'submitted')
  scene.proxy.decide(() => 'pass')
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  const [executor] = bundler.executors as [Address]
  expect(await scene.chain.client.getTransactionCount({ address: executor })).toBe(1)
})

test('without funds nothing is sent and nothing lost', async () => {
  const bundler = await scene.start()
  const [executor] = bundler.executors as [Address]
  await scene.chain.client.setBalance({ address: executor, value: 0n })
  expect(await (await fetch(`${bundler.url}/ready`)).json()).toMatchObject({
    ok: false,
    checks: { node: 'ok', executors: expect.stringContaining('none of the 1 executors') },
  })
  const hash = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await scene.status(bundler, hash)).toBe('not_submitted')
  await scene.chain.client.setBalance({ address: executor, value: parseEther('1') })
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
})

test('an operation that became invalid is left out, the others of its bundle are included', async () => {
  const bundler = await scene.start({ bundleMode: 'manual' })
  const senders = await Promise.all([1, 2, 3].map(() => scene.accounts.counterfactual('0.8')))
  const [first, second, third] = await Promise.all(
    senders.map((account) => scene.admit(bundler, account)),
  )
  if (!first || !second || !third || !senders[1]) throw new Error('three operations')
  await scene.chain.client.setBalance({ address: senders[1].address, value: 0n })
  await waitForBundle(bundler, [first, third])
  expect(await scene.status(bundler, second)).toBe('rejected')
})

test('an operation that somebody else included has its receipt here, too', async () => {
  const bundler = await scene.start({ bundleMode: 'manual' })
  const account = await scene.accounts.counterfactual('0.8')
  const op = await scene.operation(account)
  const hash = await submit(bundler.url, account.entryPoint, op)
  const { transactionHash } = await scene.chain.send({
    to: account.entryPoint.address,
    data: account.entryPoint.encodeHandleOps([op], scene.chain.bundler),
    gas: 3_000_000n,
  })
  // At once, so that the dry run meets AA25 or AA10 before the block is settled.
  expect(await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')).toBe('ok')
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ receipt: { transactionHash } })
  expect(await scene.status(bundler, hash)).toBe('included')
})

test('operations of others are found in the logs', async () => {
  const account = await scene.accounts.counterfactual('0.6')
  const op = await scene.operation(account)
  await scene.chain.send({
    to: account.entryPoint.address,
    data: account.entryPoint.encodeHandleOps([op], scene.chain.bundler),
    gas: 3_000_000n,
  })
  const bundler = await scene.start()
  const hash = account.entryPoint.hash(op, scene.chain.chainId)
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  expect(await rpcResult(bundler.url, 'eth_getUserOperationByHash', [hash])).toMatchObject({
    userOperation: { sender: op.sender, callData: op.callData, signature: op.signature },
  })
})

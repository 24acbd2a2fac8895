import type { Hex } from 'viem'
import { parseAbi, parseEther, parseGwei, parseTransaction } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { rpcResult, submit, waitForOperation } from '../../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../../fixtures/bundlerScene.ts'
import { startBundlerScene, until } from '../../fixtures/bundlerScene.ts'
import { execute } from '../../fixtures/simpleAccounts.ts'

let scene: BundlerScene

beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

/** Polls too rarely to see a block by itself. */
const BLIND_MS = 60_000

test.each([
  { code: 'AA10', again: false, drains: false },
  { code: 'AA25', again: true, drains: false },
  // It leaves nothing to pay with: the second time it fails for that, before its nonce is looked at.
  { code: 'AA21', again: true, drains: true },
])(
  'frontrun / already included ($code): it is looked up, not dropped, and has a receipt',
  async (row) => {
    const { chain } = scene
    const account = await scene.accounts.counterfactual('0.7')
    const { entryPoint } = account
    if (row.again) {
      const deployed = await scene.operation(account)
      await chain.send({
        to: entryPoint.address,
        data: entryPoint.encodeHandleOps([deployed], chain.bundler),
      })
    }
    const bundler = await scene.start({ bundleMode: 'manual', pollInterval: BLIND_MS })
    const fields = row.again ? { nonce: 1n, deploy: false } : {}
    const plain = await scene.operation(account, fields)
    const balance = await chain.client.getBalance({ address: account.address })
    const deposit = await chain.client.readContract({
      address: entryPoint.address,
      abi: parseAbi(['function balanceOf(address account) view returns (uint256)']),
      functionName: 'balanceOf',
      args: [account.address],
    })
    const value = balance + deposit - entryPoint.requiredGas(plain) * plain.maxFeePerGas
    const callData = execute({ to: chain.bundler, value })
    const op = row.drains ? await scene.operation(account, { ...fields, callData }) : plain
    const hash = await submit(bundler.url, entryPoint, op)
    const others = await scene.admit(bundler, await scene.accounts.counterfactual('0.7'))

    const { transactionHash } = await chain.send({
      to: entryPoint.address,
      data: entryPoint.encodeHandleOps([op], chain.bundler),
    })
    await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')

    expect(await waitForOperation(bundler.url, others)).toMatchObject({ success: true })
    const receipt = await waitForOperation(bundler.url, hash)
    expect(receipt.receipt.transactionHash).toBe(transactionHash)
    expect(await scene.status(bundler, hash)).toBe('included')
    const { history } = (await rpcResult(bundler.url, 'bundler_explainUserOperation', [hash])) as {
      history: { status: string }[]
    }
    expect(history.map(({ status }) => status)).not.toContain('dropped')
  },
)

test('frontrun: its bundle on the way can only revert, and is cancelled before a block passes', async () => {
  const { chain } = scene
  const executorKey = generatePrivateKey()
  const executor = privateKeyToAddress(executorKey)
  await chain.client.setBalance({ address: executor, value: parseEther('10') })
  const bundler = await scene.start({ executorPrivateKeys: [executorKey] })
  const account = await scene.accounts.counterfactual('0.7')
  const { entryPoint } = account
  const sent: { nonce?: number | undefined; data?: Hex | undefined }[] = []
  scene.proxy.answer(({ method, params }) => {
    if (method === 'eth_sendRawTransaction') sent.push(parseTransaction(params[0] as Hex))
    return undefined
  })
  await chain.client.setAutomine(false)
  const op = await scene.operation(account, { maxFeePerGas: parseGwei('3') })
  const hash = await submit(bundler.url, entryPoint, op)
  await until(async () => (await scene.status(bundler, hash)) === 'submitted')

  // The bundle cannot pay for this block, the other bundler can.
  await chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('50') })
  const other = await chain.client.sendTransaction({
    account: chain.bundler,
    chain: null,
    to: entryPoint.address,
    data: entryPoint.encodeHandleOps([op], chain.bundler),
    maxFeePerGas: parseGwei('300'),
    maxPriorityFeePerGas: parseGwei('1'),
    gas: 2_000_000n,
  })
  await chain.client.mine({ blocks: 1 })
  await until(async () => (await scene.status(bundler, hash)) === 'included')
  await until(() => sent.some(({ data }) => data === undefined))
  expect(sent.map(({ nonce }) => nonce ?? 0).every((nonce) => nonce === 0)).toBe(true)
  await chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('1') })
  await chain.client.mine({ blocks: 1 })
  expect(await chain.client.getTransactionCount({ address: executor })).toBe(1)
  const receipt = await waitForOperation(bundler.url, hash)
  expect(receipt.receipt.transactionHash).toBe(other)
})

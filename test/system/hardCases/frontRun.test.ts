import { parseAbi } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { rpcResult, submit, waitForOperation } from '../../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../../fixtures/bundlerScene.ts'
import { startBundlerScene } from '../../fixtures/bundlerScene.ts'
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

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { waitForOperation } from '../../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../../fixtures/bundlerScene.ts'
import { startBundlerScene } from '../../fixtures/bundlerScene.ts'

let scene: BundlerScene

beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

test('receipts: logs are asked for from a strict replica that is behind the head, without an error', async () => {
  const { chain, proxy } = scene
  const account = await scene.accounts.counterfactual('0.8')
  const { entryPoint } = account
  const op = await scene.operation(account)
  await chain.send({
    to: entryPoint.address,
    data: entryPoint.encodeHandleOps([op], chain.bundler),
  })
  await chain.client.mine({ blocks: 3 })
  const bundler = await scene.start({ pollInterval: 60_000 })
  // The head comes from one replica, the logs from one that is a block behind.
  let bodies = 0
  proxy.lag(() => bodies++ % 2)
  const hash = entryPoint.hash(op, chain.chainId)
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
})

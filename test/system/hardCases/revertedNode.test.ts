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

/** Not the same block again, as after a reorg, but none in its place: what a development chain does. */
test('reverted node: operations go on on a chain that went back', async () => {
  const { chain, accounts } = scene
  const bundler = await scene.start()
  const first = await accounts.counterfactual('0.8')
  await waitForOperation(bundler.url, await scene.admit(bundler, first))
  const snapshot = await chain.client.snapshot()
  for (let n = 0; n < 3; n++) {
    const account = await accounts.counterfactual('0.8')
    await waitForOperation(bundler.url, await scene.admit(bundler, account))
  }
  await chain.client.revert({ id: snapshot })
  const account = await accounts.counterfactual('0.8')
  const hash = await scene.admit(bundler, account)
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
})

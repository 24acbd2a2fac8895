import type { Hex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { rpcResult, waitForOperation } from '../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../fixtures/bundlerScene.ts'
import { startBundlerScene, until } from '../fixtures/bundlerScene.ts'

let scene: BundlerScene

beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

/** Long enough that no poll falls between the requests of a bundle. */
const NEVER_MS = 60_000

describe('a bundle', () => {
  test.each([1, 10, 50])(
    'of %i operations: two round trips, four requests at most',
    async (size) => {
      const { proxy } = scene
      const bundler = await scene.start({
        bundleMode: 'manual',
        pollInterval: NEVER_MS,
        maxBundleGas: 30_000_000n,
      })
      const hashes: Hex[] = []
      for (let n = 0; n < size; n++) {
        const account = await scene.accounts.counterfactual('0.8')
        hashes.push(await scene.admit(bundler, account, { verificationGasLimit: 300_000n }))
      }
      proxy.bodies.length = 0
      await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')
      const sentAt = proxy.bodies.findIndex((body) => body.includes('eth_sendRawTransaction'))
      const bodies = proxy.bodies.slice(0, sentAt + 1)
      expect(bodies).toHaveLength(2)
      expect(bodies.flat().length).toBeLessThanOrEqual(4)
      for (const hash of hashes) {
        expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
      }
    },
  )
})

test('a new block: one body with logs, fees and balances, beside the poll that found it', async () => {
  const { proxy, chain } = scene
  await scene.start({ pollInterval: 20 })
  proxy.bodies.length = 0
  await chain.client.mine({ blocks: 1 })
  await until(() => proxy.seen.includes('eth_getLogs') && proxy.bodies.length > 3)
  const others = proxy.bodies.filter((body) => body.join() !== 'eth_getBlockByNumber')
  expect(others.map((body) => body.toSorted())).toEqual([
    ['eth_call', 'eth_feeHistory', 'eth_getLogs', 'eth_maxPriorityFeePerGas'],
  ])
})

test('a new block that the node announces: one body and no poll', async () => {
  const { proxy, chain } = scene
  const wsUrl = chain.rpcUrl.replace('http', 'ws')
  await scene.start({ pollInterval: NEVER_MS, wsUrl })
  const seen = new Set<unknown>()
  proxy.answer(({ method, params: [filter] }) => {
    if (method === 'eth_getLogs') seen.add((filter as { blockHash?: string }).blockHash)
    return undefined
  })
  const headIsSeen = async () => seen.has((await chain.client.getBlock()).hash)
  // The subscription is there once a block comes through without a poll.
  await until(async () => {
    if (!(await headIsSeen()) && seen.size === 0) await chain.client.mine({ blocks: 1 })
    return headIsSeen()
  })
  proxy.bodies.length = 0
  await chain.client.mine({ blocks: 1 })
  await until(headIsSeen)
  expect(proxy.bodies).toHaveLength(1)
  expect(proxy.bodies.flat()).not.toContain('eth_getBlockByNumber')
})

import type { EntryPointVersion } from '@fabstir/erc4337'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Bundler } from '../../bundler/src/bundler.ts'
import { submit } from '../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../fixtures/bundlerScene.ts'
import { startBundlerScene, until } from '../fixtures/bundlerScene.ts'

let scene: BundlerScene

beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

/** Long enough that no poll falls between the requests of an admission. */
const NEVER_MS = 60_000
/** What a look at a new head asks, which is no part of an admission. */
const HEAD_METHODS = ['eth_getLogs', 'eth_feeHistory']

/** Sends an operation of a new account, and counts the bodies that the node saw meanwhile. */
async function tripsOfOne(bundler: Bundler, version: EntryPointVersion): Promise<number> {
  const { proxy, accounts } = scene
  const account = await accounts.counterfactual(version)
  const op = await scene.operation(account, { verificationGasLimit: 400_000n })
  proxy.bodies.length = 0
  await submit(bundler.url, account.entryPoint, op)
  return proxy.bodies.filter((body) => !body.some((method) => HEAD_METHODS.includes(method))).length
}

describe.each(['none', 'js', 'local'] as const)('an accepted operation, --trace %s', (trace) => {
  test.each(['0.7', '0.8', '0.9'] as const)(
    'on EntryPoint %s: one round trip; code that was never seen is looked at once',
    async (version) => {
      const bundler = await scene.start({ bundleMode: 'manual', pollInterval: NEVER_MS, trace })
      await tripsOfOne(bundler, version)
      expect(await tripsOfOne(bundler, version)).toBe(1)
      expect(await tripsOfOne(bundler, version)).toBe(1)
    },
  )

  test('one round trip behind a new block too, once its head is known', async () => {
    const { proxy, chain } = scene
    const wsUrl = chain.rpcUrl.replace('http', 'ws')
    const options = { bundleMode: 'manual', pollInterval: NEVER_MS, trace, wsUrl } as const
    const bundler = await scene.start(options)
    await tripsOfOne(bundler, '0.8')
    for (let block = 0; block < 3; block++) {
      proxy.bodies.length = 0
      // The subscription is there once a block comes through without a poll.
      await until(async () => {
        if (block === 0 || proxy.bodies.length === 0) await chain.client.mine({ blocks: 1 })
        return proxy.seen.includes('eth_getLogs') && proxy.bodies.flat().includes('eth_getLogs')
      })
      expect(await tripsOfOne(bundler, '0.8')).toBe(1)
    }
  })
})

test.each(['0.6', '0.7', '0.8', '0.9'] as const)(
  '20 operations of the same time on EntryPoint %s, --trace none: one call in one round trip',
  async (version) => {
    const { proxy, accounts } = scene
    const trace = 'none'
    const bundler = await scene.start({ bundleMode: 'manual', pollInterval: NEVER_MS, trace })
    // From here on the fees are known.
    await tripsOfOne(bundler, version)
    const requests = await Promise.all(
      Array.from({ length: 20 }, async (_, id) => {
        const account = await accounts.counterfactual(version)
        const { entryPoint } = account
        const params = [entryPoint.toRpc(await scene.operation(account)), entryPoint.address]
        return { jsonrpc: '2.0', id, method: 'eth_sendUserOperation', params }
      }),
    )
    proxy.bodies.length = 0
    const response = await fetch(bundler.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requests),
    })
    const answers = (await response.json()) as { result?: string }[]
    expect(answers.map(({ result }) => result)).toEqual(
      requests.map(() => expect.stringMatching(/^0x[0-9a-f]{64}$/)),
    )
    expect(proxy.bodies).toEqual([['eth_call', 'eth_blockNumber']])
  },
)

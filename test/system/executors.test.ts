import type { Hex } from 'viem'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { waitForOperation } from '../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../fixtures/bundlerScene.ts'
import { startBundlerScene, until } from '../fixtures/bundlerScene.ts'
import type { FakeRelay } from '../fixtures/fakeRelay.ts'
import { startFakeRelay } from '../fixtures/fakeRelay.ts'

let scene: BundlerScene
const relays: FakeRelay[] = []

beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(async () => {
  await scene.reset()
  for (const relay of relays.splice(0)) await relay.close()
})
afterAll(() => scene?.stop())

async function relay(forward: (raw: Hex) => Promise<void> = async () => undefined) {
  const started = await startFakeRelay(forward)
  relays.push(started)
  return started
}

/** As a builder that has the transaction includes it. */
async function include(serializedTransaction: Hex): Promise<void> {
  await scene.chain.client.sendRawTransaction({ serializedTransaction })
}

describe('private relays', () => {
  test('get the bundle, signed, and the public pool does not', async () => {
    const identity = generatePrivateKey()
    const builder = await relay(include)
    const bundler = await scene.start({
      sender: 'private',
      senderUrls: [builder.url],
      relaySigningKey: identity,
    })
    scene.proxy.seen.length = 0
    const hash = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'))
    expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
    expect(builder.requests[0]).toMatchObject({
      method: 'eth_sendPrivateTransaction',
      signer: privateKeyToAddress(identity),
    })
    expect(scene.proxy.seen).not.toContain('eth_sendRawTransaction')
  })

  test('that include nothing: after the blocks allowed the same bytes go to the public pool', async () => {
    const silent = [await relay(), await relay()]
    const bundler = await scene.start({
      sender: 'bundle',
      senderUrls: silent.map(({ url }) => url),
      relayFallbackBlocks: 2,
    })
    const hash = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'))
    await until(() => silent.every(({ requests }) => requests.length > 0))
    expect(silent[0]?.requests[0]?.method).toBe('eth_sendBundle')
    expect(scene.proxy.seen).not.toContain('eth_sendRawTransaction')
    await scene.chain.client.mine({ blocks: 2 })
    await until(async () => (await scene.status(bundler, hash)) === 'included')
    expect(silent[0]?.requests[0]?.params).toMatchObject([
      { txs: [expect.stringMatching(/^0x02/)] },
    ])
  })
})

test('an executor without money is refilled from the treasury, and then bundles', async () => {
  const { client } = scene.chain
  const [executorKey, treasuryKey] = [generatePrivateKey(), generatePrivateKey()]
  const executor = privateKeyToAddress(executorKey)
  await client.setBalance({ address: privateKeyToAddress(treasuryKey), value: parseEther('1') })
  const bundler = await scene.start({
    executorPrivateKeys: [executorKey],
    treasuryPrivateKey: treasuryKey,
    executorRefillTo: parseEther('0.1'),
  })
  await until(async () => (await client.getBalance({ address: executor })) > 0n)
  expect(await client.getBalance({ address: executor })).toBe(parseEther('0.1'))
  const hash = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'))
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  expect(await client.getTransactionCount({ address: privateKeyToAddress(treasuryKey) })).toBe(1)
})

test('one executor has several bundles on their way, on consecutive nonces, mined together', async () => {
  const { client } = scene.chain
  const bundler = await scene.start({ maxBundleOps: 1, maxBundlesInFlight: 3 })
  await client.setAutomine(false)
  const hashes: Hex[] = []
  for (let n = 0; n < 3; n++) {
    const hash = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'))
    await until(async () => (await scene.status(bundler, hash)) === 'submitted')
    hashes.push(hash)
  }
  await client.mine({ blocks: 1 })
  const receipts = await Promise.all(hashes.map((hash) => waitForOperation(bundler.url, hash)))
  expect(new Set(receipts.map(({ receipt }) => receipt.blockHash)).size).toBe(1)
  expect(new Set(receipts.map(({ receipt }) => receipt.transactionHash)).size).toBe(3)
})

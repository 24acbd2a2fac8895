import { getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { parseEther } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { rpcResult, waitForOperation } from '../../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../../fixtures/bundlerScene.ts'
import { startBundlerScene } from '../../fixtures/bundlerScene.ts'
import type { TestAccount } from '../../fixtures/simpleAccounts.ts'
import { publishedArtifact } from '../../fixtures/simpleAccounts.ts'

let scene: BundlerScene
let implementation: Address

beforeAll(async () => {
  scene = await startBundlerScene()
  const { abi, bytecode } = publishedArtifact('0.8', 'Simple7702Account')
  implementation = await scene.chain.deploy({ abi, bytecode, args: [] })
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

/** An account without code that its first operation delegates. */
async function delegating() {
  const { chain } = scene
  const owner = privateKeyToAccount(generatePrivateKey())
  await chain.client.setBalance({ address: owner.address, value: parseEther('1') })
  const entryPoint = getEntryPointAdapter(entryPoint08Address)
  if (!entryPoint) throw new Error('EntryPoint 0.8 is known')
  const factory = '0x7702000000000000000000000000000000000000'
  const account: TestAccount = {
    ...{ entryPoint, owner, factory },
    address: owner.address,
    factoryData: '0x',
  }
  const eip7702Auth = await owner.signAuthorization({
    chainId: chain.chainId,
    address: implementation,
    nonce: 0,
  })
  return {
    account,
    owner,
    fields: { factoryData: '0x' as const, eip7702Auth, preVerificationGas: 100_000n },
  }
}

test('stale 7702 tuple: its operation is dropped with the nonces, the others of the bundle go', async () => {
  const { chain } = scene
  const bundler = await scene.start({ bundleMode: 'manual' })
  const [stale, good] = [await delegating(), await delegating()]
  const dropped = await scene.admit(bundler, stale.account, stale.fields)
  const kept = await scene.admit(bundler, good.account, good.fields)
  const plain = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'))
  await chain.client.waitForTransactionReceipt({
    hash: await chain.client.sendTransaction({
      account: stale.owner,
      chain: null,
      to: stale.owner.address,
    }),
  })
  await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')
  for (const hash of [kept, plain]) {
    expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  }
  expect(await scene.status(bundler, dropped)).toBe('rejected')
})

test('ten operations that delegate: one bundle, two round trips, four requests', async () => {
  const { proxy } = scene
  const bundler = await scene.start({ bundleMode: 'manual', pollInterval: 60_000 })
  const hashes: Hex[] = []
  for (let n = 0; n < 10; n++) {
    const { account, fields } = await delegating()
    hashes.push(await scene.admit(bundler, account, fields))
  }
  proxy.bodies.length = 0
  await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')
  const sentAt = proxy.bodies.findIndex((body) => body.includes('eth_sendRawTransaction'))
  expect(proxy.bodies.slice(0, sentAt + 1).map((body) => body.length)).toEqual([3, 1])
  const receipts = await Promise.all(hashes.map((hash) => waitForOperation(bundler.url, hash)))
  expect(new Set(receipts.map(({ receipt }) => receipt.transactionHash)).size).toBe(1)
})

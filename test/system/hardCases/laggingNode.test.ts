import type { Hex } from 'viem'
import { parseAbiItem } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { rpcResult, waitForOperation } from '../../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../../fixtures/bundlerScene.ts'
import { startBundlerScene, until } from '../../fixtures/bundlerScene.ts'

const userOperationEvent = parseAbiItem(
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
)

let scene: BundlerScene

beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

async function inclusions(hash: Hex): Promise<number> {
  const filter = { event: userOperationEvent, args: { userOpHash: hash }, fromBlock: 0n } as const
  return (await scene.chain.client.getLogs(filter)).length
}

/** Operations of new accounts, a second one of each account behind the first. */
async function stream(accounts: number) {
  const operations = []
  for (let n = 0; n < accounts; n++) {
    const account = await scene.accounts.counterfactual('0.8')
    operations.push(
      { account, fields: { nonce: 0n } },
      { account, fields: { nonce: 1n << 64n, deploy: false } },
    )
  }
  return operations
}

/** Numbers from 0 to 1 that are the same in every run. */
function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}

describe('lagging or forked RPC: nothing is lost, nothing is included twice', () => {
  test.each([
    { name: 'half of the bodies come from two blocks ago', share: 0.5, blocks: 2 },
    { name: 'two of three bodies come from one block ago', share: 0.66, blocks: 1 },
  ])('$name', async ({ share, blocks }) => {
    const bundler = await scene.start({ pollInterval: 20 })
    await scene.chain.client.mine({ blocks: 3 })
    const random = pseudoRandom(7)
    scene.proxy.lag(() => (random() < share ? blocks : 0))
    const hashes: Hex[] = []
    for (const { account, fields } of await stream(4)) {
      // A lagging replica may refuse at the door; an operation that is acknowledged is never lost.
      for (let attempt = 0; ; attempt++) {
        const admitted = await scene.admit(bundler, account, fields).catch((error: Error) => error)
        if (typeof admitted === 'string') {
          hashes.push(admitted)
          const receipt = await waitForOperation(bundler.url, admitted, 30_000)
          expect(receipt).toMatchObject({ success: true })
          break
        }
        if (attempt === 20) throw admitted
        await scene.chain.client.mine({ blocks: 1 })
      }
    }
    scene.proxy.lag(() => 0)
    expect(await Promise.all(hashes.map(inclusions))).toEqual(hashes.map(() => 1))
  })

  test('a node that drops every third answer', async () => {
    const bundler = await scene.start({ pollInterval: 20, nodeTimeout: 500 })
    const hashes: Hex[] = []
    const operations = await stream(6)
    await rpcResult(bundler.url, 'debug_bundler_setBundlingMode', ['manual'])
    for (const { account, fields } of operations.filter(({ fields }) => fields.nonce === 0n)) {
      hashes.push(await scene.admit(bundler, account, fields))
    }
    const random = pseudoRandom(7)
    scene.proxy.decide(() => (random() < 0.34 ? 'refuse' : 'pass'))
    await rpcResult(bundler.url, 'debug_bundler_setBundlingMode', ['auto'])
    const states = () => Promise.all(hashes.map((hash) => scene.status(bundler, hash)))
    await until(async () => (await states()).every((state) => state === 'included'))
    scene.proxy.decide(() => 'pass')
    expect(await Promise.all(hashes.map(inclusions))).toEqual(hashes.map(() => 1))
  })
})

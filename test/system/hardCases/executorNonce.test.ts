import type { Address, Hex } from 'viem'
import { parseEther, parseGwei, parseTransaction } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { submit, waitForOperation } from '../../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../../fixtures/bundlerScene.ts'
import { startBundlerScene, until } from '../../fixtures/bundlerScene.ts'

let scene: BundlerScene
/** Transactions on their way to the node, in order. */
let sent: { nonce: number; isBundle: boolean }[]

beforeAll(async () => {
  scene = await startBundlerScene()
})
beforeEach(() => {
  sent = []
  scene.proxy.answer(({ method, params }) => {
    if (method !== 'eth_sendRawTransaction') return undefined
    const { nonce = 0, data = '0x' } = parseTransaction(params[0] as Hex)
    sent.push({ nonce, isBundle: data !== '0x' })
    return undefined
  })
})
afterEach(async () => {
  await scene.reset()
  await scene.chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('1') })
  await scene.chain.client.mine({ blocks: 1 })
})
afterAll(() => scene?.stop())

async function executor() {
  const key = generatePrivateKey()
  const account = privateKeyToAccount(key)
  await scene.chain.client.setBalance({ address: account.address, value: parseEther('10') })
  return { key, account }
}

/** Mines blocks of a base fee that keeps the bundle out, until `holds`. */
async function mineDear(holds: () => Promise<boolean> | boolean) {
  const { client } = scene.chain
  await until(async () => {
    await client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('50') })
    await client.mine({ blocks: 1 })
    return holds()
  })
}

test('nonce too low on replacement: the operations go on N + 1 only after the head shows N consumed', async () => {
  const { chain } = scene
  const { key, account } = await executor()
  const bundler = await scene.start({ executorPrivateKeys: [key] })
  await chain.client.setAutomine(false)
  const hash = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'))
  await until(async () => (await scene.status(bundler, hash)) === 'submitted')
  // Somebody else with the key takes the nonce, at a higher fee.
  const foreign = await chain.client.sendRawTransaction({
    serializedTransaction: await account.signTransaction({
      chainId: chain.chainId,
      type: 'eip1559',
      nonce: 0,
      to: account.address,
      gas: 21_000n,
      maxFeePerGas: parseGwei('300'),
      maxPriorityFeePerGas: parseGwei('200'),
    }),
  })
  expect(sent).toEqual([{ nonce: 0, isBundle: true }])
  await chain.client.mine({ blocks: 1 })
  expect((await chain.client.getTransactionReceipt({ hash: foreign })).status).toBe('success')
  await until(() => sent.some(({ nonce }) => nonce === 1))
  await chain.client.mine({ blocks: 1 })
  const { receipt } = await waitForOperation(bundler.url, hash)
  expect(receipt.from.toLowerCase()).toBe(account.address.toLowerCase())
  expect(await chain.client.getTransactionCount({ address: account.address })).toBe(2)
})

test('bundle stuck underpriced with no viable op left: a transfer of nothing frees the nonce', async () => {
  const { chain } = scene
  const { key, account } = await executor()
  const bundler = await scene.start({ executorPrivateKeys: [key] })
  const sender = await scene.accounts.counterfactual('0.8')
  const op = await scene.operation(sender, { maxFeePerGas: parseGwei('3') })
  await chain.client.setAutomine(false)
  const hash = await submit(bundler.url, sender.entryPoint, op)
  await until(async () => (await scene.status(bundler, hash)) === 'submitted')
  await mineDear(() => sent.some(({ isBundle }) => !isBundle))
  expect(sent.every(({ nonce }) => nonce === 0)).toBe(true)
  await until(async () => {
    await chain.client.mine({ blocks: 1 })
    return (await chain.client.getTransactionCount({ address: account.address })) > 0
  })
  // The operation was kept: it is included once it can pay again.
  await chain.client.setAutomine(true)
  await chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('1') })
  await chain.client.mine({ blocks: 1 })
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
})

test('a stuck executor does not stop the other one', async () => {
  const { chain } = scene
  const [first, second] = [await executor(), await executor()]
  const bundler = await scene.start({ executorPrivateKeys: [first.key, second.key] })
  await chain.client.setAutomine(false)
  const cheap = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'), {
    maxFeePerGas: parseGwei('3'),
  })
  await until(async () => (await scene.status(bundler, cheap)) === 'submitted')
  const counts = async () =>
    Promise.all(
      bundler.executors.map((address: Address) => chain.client.getTransactionCount({ address })),
    )
  await mineDear(() => sent.length > 0)
  const rich = await scene.admit(bundler, await scene.accounts.counterfactual('0.8'), {
    maxFeePerGas: parseGwei('400'),
    maxPriorityFeePerGas: parseGwei('100'),
  })
  await mineDear(async () => (await scene.status(bundler, rich)) === 'included')
  expect((await counts()).filter((count) => count > 0).length).toBeGreaterThan(0)
})

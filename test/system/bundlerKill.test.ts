import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from 'viem'
import { parseAbiItem, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ChildService } from '../../devnet/src/processes/childService.ts'
import { rpcResult, sendOperation, waitForOperation } from '../fixtures/bundlerClient.ts'
import { killHard, startBundlerProcess } from '../fixtures/bundlerProcess.ts'
import type { NodeProxy } from '../fixtures/nodeProxy.ts'
import { startNodeProxy } from '../fixtures/nodeProxy.ts'
import type { SimpleAccounts } from '../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, unsigned } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

const userOperationEvent = parseAbiItem(
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
)

let chain: TestChain
let accounts: SimpleAccounts
let proxy: NodeProxy
let folder: string
let executorKey: Hex
let running: ChildService | undefined

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  proxy = await startNodeProxy(chain.rpcUrl)
})

afterAll(async () => {
  await proxy?.close()
  await chain?.stop()
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fabstir-kill-'))
  executorKey = generatePrivateKey()
  await chain.client.setBalance({
    address: privateKeyToAddress(executorKey),
    value: parseEther('10'),
  })
  proxy.decide(() => 'pass')
})

afterEach(async () => {
  await chain.client.setAutomine(true)
  if (running) await killHard(running)
  running = undefined
  await rm(folder, { recursive: true, force: true })
})

async function start(flags: readonly string[] = []): Promise<ChildService> {
  const store = join(folder, 'bundler.sqlite')
  const started = await startBundlerProcess({ rpcUrl: proxy.url, executorKey, store, flags })
  running = started
  return started
}

async function send(bundler: ChildService): Promise<Hex> {
  const account = await accounts.counterfactual('0.8')
  const op = unsigned(account, { deploy: true })
  return sendOperation(bundler.url, account, op, chain.chainId)
}

async function inclusions(hash: Hex): Promise<number> {
  const logs = await chain.client.getLogs({
    event: userOperationEvent,
    args: { userOpHash: hash },
    fromBlock: 0n,
  })
  return logs.length
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come about within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function isSubmitted(bundler: ChildService, hash: Hex): Promise<boolean> {
  const answer = await rpcResult(bundler.url, 'pimlico_getUserOperationStatus', [hash])
  return (answer as { status: string }).status === 'submitted'
}

test('killed between acknowledge and bundle: every operation is included once', async () => {
  const first = await start(['--bundle-mode', 'manual'])
  const hashes = await Promise.all([send(first), send(first), send(first)])
  await killHard(first)
  expect(await Promise.all(hashes.map(inclusions))).toEqual([0, 0, 0])

  const second = await start()
  for (const hash of hashes) {
    expect(await waitForOperation(second.url, hash)).toMatchObject({ success: true })
  }
  expect(await Promise.all(hashes.map(inclusions))).toEqual([1, 1, 1])
})

test('killed between submission and inclusion: included once, by the transaction in the pool', async () => {
  const first = await start()
  await chain.client.setAutomine(false)
  const hash = await send(first)
  await until(() => isSubmitted(first, hash))
  await killHard(first)

  const second = await start()
  expect(await isSubmitted(second, hash)).toBe(true)
  await chain.client.mine({ blocks: 1 })
  expect(await waitForOperation(second.url, hash)).toMatchObject({ success: true })
  expect(await inclusions(hash)).toBe(1)
  const executor = privateKeyToAddress(executorKey)
  expect(await chain.client.getTransactionCount({ address: executor })).toBe(1)
})

test('killed after the journal, before the node has the transaction: included once', async () => {
  const first = await start()
  proxy.decide((method) => (method === 'eth_sendRawTransaction' ? 'hang' : 'pass'))
  proxy.seen.length = 0
  const hash = await send(first)
  await until(async () => proxy.seen.includes('eth_sendRawTransaction'))
  await killHard(first)
  expect(await inclusions(hash)).toBe(0)

  proxy.decide(() => 'pass')
  const second = await start()
  expect(await waitForOperation(second.url, hash)).toMatchObject({ success: true })
  expect(await inclusions(hash)).toBe(1)
})

test('killed after inclusion, before the bundler saw it: the receipt is found after the start', async () => {
  const first = await start()
  let sent = false
  proxy.decide((method) => {
    if (method === 'eth_sendRawTransaction') sent = true
    return sent && method === 'eth_getBlockByNumber' ? 'hang' : 'pass'
  })
  const hash = await send(first)
  await until(async () => (await inclusions(hash)) === 1)
  await killHard(first)

  proxy.decide(() => 'pass')
  const second = await start()
  expect(await waitForOperation(second.url, hash)).toMatchObject({ success: true })
  expect(await rpcResult(second.url, 'pimlico_getUserOperationStatus', [hash])).toMatchObject({
    status: 'included',
  })
  expect(await inclusions(hash)).toBe(1)
})

test('killed at six moments after the acknowledge: no operation is lost or included twice', async () => {
  const hashes: Hex[] = []
  for (let delay = 0; delay < 42; delay += 7) {
    const bundler = await start()
    hashes.push(await send(bundler))
    await new Promise((resolve) => setTimeout(resolve, delay))
    await killHard(bundler)
  }
  const last = await start()
  for (const hash of hashes) await waitForOperation(last.url, hash)
  expect(await Promise.all(hashes.map(inclusions))).toEqual(hashes.map(() => 1))
})

test('SIGTERM while a bundle is sent ends it with exit code 0, and the next one includes it once', async () => {
  const first = await start(['--node-timeout', '500'])
  const included = await send(first)
  await waitForOperation(first.url, included)
  const arrived = Promise.withResolvers<void>()
  proxy.decide((method) => {
    if (method !== 'eth_sendRawTransaction') return 'pass'
    arrived.resolve()
    return 'hang'
  })
  const hash = await send(first)
  await arrived.promise
  first.kill('SIGTERM')
  expect(await first.exited).toBe(0)
  expect(await inclusions(hash)).toBe(0)

  proxy.decide(() => 'pass')
  const second = await start()
  expect(await rpcResult(second.url, 'eth_getUserOperationReceipt', [included])).toMatchObject({
    userOpHash: included,
  })
  await waitForOperation(second.url, hash)
  expect(await inclusions(hash)).toBe(1)
})

test('a second bundler on the same store, or on a taken port, ends with exit code 1 and says why', async () => {
  const first = await start()
  const { port } = new URL(first.url)
  const onTakenPort = startBundlerProcess({
    rpcUrl: proxy.url,
    executorKey,
    store: join(folder, 'other.sqlite'),
    flags: ['--port', port],
  })
  await Promise.all([
    expect(start()).rejects.toThrow(/exit code 1[\s\S]*is open in another process/),
    expect(onTakenPort).rejects.toThrow(/exit code 1[\s\S]*port \d+ on [\d.]+ is taken/),
  ])
})

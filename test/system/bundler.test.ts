import { entryPointAdapters, getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { encodeFunctionData, parseAbi, parseEther, parseGwei } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Bundler, BundlerOptions } from '../../bundler/src/bundler.ts'
import { createBundler } from '../../bundler/src/bundler.ts'
import {
  rpc,
  rpcResult,
  sendOperation,
  submit,
  waitForOperation,
} from '../fixtures/bundlerClient.ts'
import type { NodeProxy } from '../fixtures/nodeProxy.ts'
import { startNodeProxy } from '../fixtures/nodeProxy.ts'
import type { SimpleAccounts, TestAccount } from '../fixtures/simpleAccounts.ts'
import {
  deploySimpleAccounts,
  execute,
  publishedArtifact,
  sign,
  unsigned,
} from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts
let proxy: NodeProxy
const running: Bundler[] = []

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  proxy = await startNodeProxy(chain.rpcUrl)
})

afterAll(async () => {
  await proxy?.close()
  await chain?.stop()
})

afterEach(async () => {
  for (const bundler of running.splice(0)) await bundler.close()
  await chain.client.setAutomine(true)
  await chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('1') })
  await chain.client.mine({ blocks: 1 })
  proxy.decide(() => 'pass')
})

async function start(options: Partial<BundlerOptions> = {}): Promise<Bundler> {
  const executor = generatePrivateKey()
  await chain.client.setBalance({
    address: privateKeyToAddress(executor),
    value: parseEther('100'),
  })
  const bundler = await createBundler({
    rpcUrl: chain.rpcUrl,
    executorPrivateKeys: [executor],
    port: 0,
    store: 'memory',
    debugRpc: true,
    pollInterval: 50,
    logLevel: process.env.BUNDLER_LOG === undefined ? 'silent' : 'debug',
    ...options,
  })
  running.push(bundler)
  return bundler
}

/** An operation with ample limits, for what an estimate would refuse. */
function ample(
  account: TestAccount,
  fields: Parameters<typeof unsigned>[1] = {},
): ReturnType<typeof unsigned> {
  return unsigned(account, {
    deploy: true,
    callGasLimit: 200_000n,
    verificationGasLimit: 1_000_000n,
    preVerificationGas: 100_000n,
    ...fields,
  })
}

async function admit(
  bundler: Bundler,
  account: TestAccount,
  fields: Parameters<typeof unsigned>[1] = {},
): Promise<Hex> {
  const op = await sign(account, ample(account, fields), chain.chainId)
  return submit(bundler.url, account.entryPoint, op)
}

async function statusOf(bundler: Bundler, hash: Hex): Promise<unknown> {
  const answer = await rpcResult(bundler.url, 'pimlico_getUserOperationStatus', [hash])
  return (answer as { status: string }).status
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come about within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe.each(entryPointAdapters)('EntryPoint $version', ({ version, address }) => {
  test('the first operation of an account deploys it, the second one runs on it', async () => {
    const bundler = await start()
    const account = await accounts.counterfactual(version)
    const first = unsigned(account, { deploy: true })
    const hash = await sendOperation(bundler.url, account, first, chain.chainId)
    const receipt = await waitForOperation(bundler.url, hash)
    expect(receipt).toMatchObject({
      userOpHash: hash,
      entryPoint: address,
      sender: account.address,
      success: true,
      receipt: { from: bundler.executors[0]?.toLowerCase() },
    })
    expect(await rpcResult(bundler.url, 'eth_getUserOperationByHash', [hash])).toMatchObject({
      entryPoint: address,
      transactionHash: receipt.receipt.transactionHash,
      blockNumber: receipt.receipt.blockNumber,
      userOperation: { sender: account.address, nonce: '0x0' },
    })

    const second = unsigned(account, { nonce: 1n })
    const next = await sendOperation(bundler.url, account, second, chain.chainId)
    expect(await waitForOperation(bundler.url, next)).toMatchObject({ success: true })
  })

  test('a call that reverts has a receipt with its reason', async () => {
    const bundler = await start()
    const account = await accounts.counterfactual(version)
    const data = encodeFunctionData({
      abi: parseAbi(['function withdrawTo(address to, uint256 amount)']),
      args: [account.address, parseEther('1000000')],
    })
    const hash = await admit(bundler, account, { callData: execute({ to: address, data }) })
    const receipt = await waitForOperation(bundler.url, hash)
    expect(receipt.success).toBe(false)
    expect(receipt.reason).toMatch(/Withdraw amount too large|InsufficientDeposit|^0x/)
    expect(await statusOf(bundler, hash)).toBe('reverted')
  })
})

test('forty operations of forty accounts on four EntryPoints are all included, several to a bundle', async () => {
  // Validations end one after another; an interval lets their operations meet.
  const bundler = await start({ bundleInterval: 250 })
  const senders = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      accounts.counterfactual(entryPointAdapters[index % 4]?.version ?? '0.8'),
    ),
  )
  const hashes = await Promise.all(senders.map((account) => admit(bundler, account)))
  const receipts = await Promise.all(hashes.map((hash) => waitForOperation(bundler.url, hash)))
  expect(receipts.every(({ success }) => success)).toBe(true)
  const bundles = new Set(receipts.map(({ receipt }) => receipt.transactionHash))
  expect(bundles.size).toBeLessThan(40)
  const positions = receipts.flatMap(({ logs, receipt }) =>
    logs.map(({ logIndex }) => `${receipt.transactionHash} ${logIndex}`),
  )
  expect(new Set(positions).size).toBe(positions.length)
  for (const { logs, userOpHash } of receipts) {
    expect(logs.at(-1)?.topics[1]).toBe(userOpHash)
    expect(logs.filter(({ topics }) => topics[1] === userOpHash)).toHaveLength(1)
  }
})

test('nonce keys of one sender go into one bundle', async () => {
  const bundler = await start({ bundleMode: 'manual' })
  const account = await accounts.counterfactual('0.8')
  await waitForBundle(bundler, [await admit(bundler, account)])
  const hashes = await Promise.all(
    [1n, 2n, 3n].map((key) => admit(bundler, account, { deploy: false, nonce: key << 64n })),
  )
  await waitForBundle(bundler, hashes)
  const receipts = await Promise.all(hashes.map((hash) => waitForOperation(bundler.url, hash)))
  expect(new Set(receipts.map(({ receipt }) => receipt.transactionHash)).size).toBe(1)
})

async function waitForBundle(bundler: Bundler, hashes: readonly Hex[]): Promise<void> {
  await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')
  await Promise.all(hashes.map((hash) => waitForOperation(bundler.url, hash)))
}

test('the same operation sent five times at once has one hash and is included once', async () => {
  const bundler = await start()
  const account = await accounts.counterfactual('0.6')
  const op = await sign(account, ample(account), chain.chainId)
  const hashes = await Promise.all(
    Array.from({ length: 5 }, () => submit(bundler.url, account.entryPoint, op)),
  )
  expect(new Set(hashes).size).toBe(1)
  await waitForOperation(bundler.url, hashes[0] as Hex)
  const [executor] = bundler.executors as [Address]
  expect(await chain.client.getTransactionCount({ address: executor })).toBe(1)
  const again = await rpc(bundler.url, 'eth_sendUserOperation', [
    account.entryPoint.toRpc(op),
    account.entryPoint.address,
  ])
  expect(again.error?.message).toMatch(/AA10|AA25/)
})

describe.each(entryPointAdapters)('EntryPoint $version', ({ version }) => {
  test('future nonces wait for their predecessors, and go with them in one bundle', async () => {
    const bundler = await start({ bundleMode: 'manual', maxNoncesAhead: 3 })
    const account = await accounts.counterfactual(version)
    await waitForBundle(bundler, [await admit(bundler, account)])
    const of = (nonce: bigint) => admit(bundler, account, { deploy: false, nonce })
    const last = await of(3n)
    expect(await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')).toBe('ok')
    await expect(of(5n)).rejects.toThrow(/-32500 AA25.*4 ahead/)
    const second = await of(2n)
    await waitForBundle(bundler, [await of(1n), second, last])
    const receipts = await Promise.all(
      [second, last].map((hash) => waitForOperation(bundler.url, hash)),
    )
    expect(new Set(receipts.map(({ receipt }) => receipt.transactionHash)).size).toBe(1)
    await expect(of(3n)).rejects.toThrow(/-32500 AA25/)
  })
})

test('an operation that is on its way to the chain cannot be replaced, and is included', async () => {
  const bundler = await start({ rpcUrl: proxy.url })
  const account = await accounts.counterfactual('0.8')
  const arrived = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  proxy.decide((method) => {
    if (method !== 'eth_sendRawTransaction') return 'pass'
    arrived.resolve()
    return held.promise.then(() => 'pass')
  })
  const first = await admit(bundler, account)
  await arrived.promise
  const fees = { maxFeePerGas: parseGwei('30'), maxPriorityFeePerGas: parseGwei('10') }
  await expect(admit(bundler, account, fees)).rejects.toThrow('already on its way to the chain')
  held.resolve()
  expect(await waitForOperation(bundler.url, first)).toMatchObject({ success: true })
})

test('a replacement needs 10 % more on both fees, and takes the place', async () => {
  const bundler = await start({ bundleMode: 'manual' })
  const account = await accounts.counterfactual('0.7')
  const fees = (percent: bigint) => ({
    maxFeePerGas: (parseGwei('10') * percent) / 100n,
    maxPriorityFeePerGas: (parseGwei('1') * percent) / 100n,
  })
  const first = await admit(bundler, account, fees(100n))
  expect(await rpcResult(bundler.url, 'eth_getUserOperationByHash', [first])).toMatchObject({
    transactionHash: null,
    blockHash: null,
    blockNumber: null,
    userOperation: { sender: account.address },
  })

  const op = await sign(account, ample(account, fees(109n)), chain.chainId)
  const refused = await rpc(bundler.url, 'eth_sendUserOperation', [
    account.entryPoint.toRpc(op),
    account.entryPoint.address,
  ])
  expect(refused.error).toMatchObject({
    code: -32602,
    data: { rule: 'replacementUnderpriced', pending: first },
  })

  const second = await admit(bundler, account, fees(110n))
  expect(await statusOf(bundler, first)).toBe('rejected')
  await waitForBundle(bundler, [second])
  expect(await rpcResult(bundler.url, 'eth_getUserOperationReceipt', [first])).toBeNull()
})

test('an operation that became invalid is left out, the others of its bundle are included', async () => {
  const bundler = await start({ bundleMode: 'manual' })
  const senders = await Promise.all([1, 2, 3].map(() => accounts.counterfactual('0.8')))
  const [first, second, third] = await Promise.all(
    senders.map((account) => admit(bundler, account)),
  )
  if (!first || !second || !third || !senders[1]) throw new Error('three operations')
  await chain.client.setBalance({ address: senders[1].address, value: 0n })
  await waitForBundle(bundler, [first, third])
  expect(await statusOf(bundler, second)).toBe('rejected')
})

test('an operation that somebody else included has its receipt here, too', async () => {
  const bundler = await start({ bundleMode: 'manual' })
  const account = await accounts.counterfactual('0.8')
  const op = await sign(account, ample(account), chain.chainId)
  const hash = await submit(bundler.url, account.entryPoint, op)
  const { transactionHash } = await chain.send({
    to: account.entryPoint.address,
    data: account.entryPoint.encodeHandleOps([op], chain.bundler),
    gas: 3_000_000n,
  })
  // At once, so that the dry run meets AA25 or AA10 before the block is settled.
  expect(await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')).toBe('ok')
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ receipt: { transactionHash } })
  expect(await statusOf(bundler, hash)).toBe('included')
})

test('operations of others are found in the logs', async () => {
  const account = await accounts.counterfactual('0.6')
  const op = await sign(account, ample(account), chain.chainId)
  await chain.send({
    to: account.entryPoint.address,
    data: account.entryPoint.encodeHandleOps([op], chain.bundler),
    gas: 3_000_000n,
  })
  const bundler = await start()
  const hash = account.entryPoint.hash(op, chain.chainId)
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  expect(await rpcResult(bundler.url, 'eth_getUserOperationByHash', [hash])).toMatchObject({
    userOperation: { sender: op.sender, callData: op.callData, signature: op.signature },
  })
})

test('a reorg takes the receipt away and the operation is included again', async () => {
  const bundler = await start()
  const account = await accounts.counterfactual('0.8')
  const snapshot = await chain.client.snapshot()
  const hash = await admit(bundler, account)
  const before = await waitForOperation(bundler.url, hash)
  await chain.client.setAutomine(false)
  await chain.client.revert({ id: snapshot })
  await until(async () => (await statusOf(bundler, hash)) === 'submitted')
  expect(await rpcResult(bundler.url, 'eth_getUserOperationReceipt', [hash])).toBeNull()

  await chain.client.increaseTime({ seconds: 5 })
  await chain.client.setAutomine(true)
  await chain.client.mine({ blocks: 1 })
  const after = await waitForOperation(bundler.url, hash)
  expect(after.receipt.blockHash).not.toBe(before.receipt.blockHash)
  expect(after.receipt.transactionHash).toBe(before.receipt.transactionHash)
})

test('a bundle below the base fee is replaced on its own nonce', async () => {
  const bundler = await start()
  const account = await accounts.counterfactual('0.8')
  await chain.client.setAutomine(false)
  const hash = await admit(bundler, account, {
    maxFeePerGas: parseGwei('100'),
    maxPriorityFeePerGas: parseGwei('1'),
  })
  await until(async () => (await statusOf(bundler, hash)) === 'submitted')
  await chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('20') })
  const [executor] = bundler.executors as [Address]
  await until(async () => {
    await chain.client.mine({ blocks: 1 })
    await chain.client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('20') })
    return (await rpcResult(bundler.url, 'eth_getUserOperationReceipt', [hash])) !== null
  })
  expect(await chain.client.getTransactionCount({ address: executor })).toBe(1)
})

test('an EIP-7702 account is delegated and used in one bundle', async () => {
  const bundler = await start()
  const { abi, bytecode } = publishedArtifact('0.8', 'Simple7702Account')
  const implementation = await chain.deploy({ abi, bytecode, args: [] })
  const owner = privateKeyToAccount(generatePrivateKey())
  await chain.client.setBalance({ address: owner.address, value: parseEther('1') })
  const entryPoint = getEntryPointAdapter(entryPoint08Address)
  if (!entryPoint) throw new Error('EntryPoint 0.8 is known')
  const account: TestAccount = {
    entryPoint,
    address: owner.address,
    owner,
    factory: '0x7702000000000000000000000000000000000000',
    factoryData: '0x',
  }
  const eip7702Auth = await owner.signAuthorization({
    chainId: chain.chainId,
    address: implementation,
    nonce: 0,
  })
  const hash = await admit(bundler, account, { factoryData: '0x', eip7702Auth })
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  expect(await chain.client.getCode({ address: owner.address })).toBe(
    `0xef0100${implementation.slice(2).toLowerCase()}`,
  )
})

test('an unreachable node is said to be unreachable, loses nothing, and is used again', async () => {
  const bundler = await start({ rpcUrl: proxy.url, bundleMode: 'manual' })
  const account = await accounts.counterfactual('0.8')
  const hash = await admit(bundler, account)
  proxy.decide(() => 'refuse')
  const op = account.entryPoint.toRpc(await sign(account, ample(account, { nonce: 1n << 64n }), 1))
  for (const [method, params] of [
    ['eth_sendUserOperation', [op, account.entryPoint.address]],
    ['eth_estimateUserOperationGas', [op, account.entryPoint.address]],
    ['eth_getUserOperationReceipt', [`0x${'11'.repeat(32)}`]],
    ['debug_bundler_sendBundleNow', []],
  ] as const) {
    expect(await rpc(bundler.url, method, [...params])).toMatchObject({
      error: { code: -32000, data: { reason: 'nodeUnavailable' } },
    })
  }
  expect((await fetch(`${bundler.url}/health`)).status).toBe(200)
  expect((await fetch(`${bundler.url}/ready`)).status).toBe(503)
  expect(await statusOf(bundler, hash)).toBe('not_submitted')

  proxy.decide(() => 'pass')
  expect((await fetch(`${bundler.url}/ready`)).status).toBe(200)
  await waitForBundle(bundler, [hash])
})

test('a send that got no answer is sent again, and its operation included once', async () => {
  const bundler = await start({ rpcUrl: proxy.url })
  const account = await accounts.counterfactual('0.8')
  proxy.decide((method) => (method === 'eth_sendRawTransaction' ? 'refuse' : 'pass'))
  const hash = await admit(bundler, account)
  await until(async () => (await statusOf(bundler, hash)) === 'submitted')
  proxy.decide(() => 'pass')
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  const [executor] = bundler.executors as [Address]
  expect(await chain.client.getTransactionCount({ address: executor })).toBe(1)
})

test('without funds nothing is sent and nothing lost', async () => {
  const bundler = await start()
  const [executor] = bundler.executors as [Address]
  await chain.client.setBalance({ address: executor, value: 0n })
  expect(await (await fetch(`${bundler.url}/ready`)).json()).toMatchObject({
    ok: false,
    checks: { node: 'ok', executors: expect.stringContaining('none of the 1 executors') },
  })
  const hash = await admit(bundler, await accounts.counterfactual('0.8'))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await statusOf(bundler, hash)).toBe('not_submitted')
  await chain.client.setBalance({ address: executor, value: parseEther('1') })
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
})

test('debug_bundler_* answers only when it is enabled', async () => {
  const bundler = await start({ debugRpc: false })
  expect(await rpc(bundler.url, 'debug_bundler_clearState')).toMatchObject({
    error: { code: -32601 },
  })
})

function lowerCase(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value).replaceAll(/"0x[0-9a-fA-F]*"/g, (hex) => hex.toLowerCase()),
  )
}

test('debug_bundler_dumpMempool shows what is pending, clearState forgets it', async () => {
  const bundler = await start({ bundleMode: 'manual' })
  const dump = (entryPoint: Address) =>
    rpcResult(bundler.url, 'debug_bundler_dumpMempool', [entryPoint])
  const senders = await Promise.all(
    entryPointAdapters.map(({ version }) => accounts.counterfactual(version)),
  )
  for (const account of senders) {
    const op = await sign(account, ample(account), chain.chainId)
    await submit(bundler.url, account.entryPoint, op)
    const [pending, ...others] = (await dump(account.entryPoint.address)) as unknown[]
    expect(others).toEqual([])
    // The hex of addresses may be checksummed on one side.
    expect(lowerCase(pending)).toEqual(lowerCase(account.entryPoint.toRpc(op)))
  }
  expect(await rpcResult(bundler.url, 'debug_bundler_clearState')).toBe('ok')
  for (const { address } of entryPointAdapters) expect(await dump(address)).toEqual([])
})

test('debug_bundler_clearState with a bundle in flight: the executor serves the next operation', async () => {
  const bundler = await start()
  await chain.client.setAutomine(false)
  const forgotten = await admit(bundler, await accounts.counterfactual('0.8'))
  await until(async () => (await statusOf(bundler, forgotten)) === 'submitted')
  expect(await rpcResult(bundler.url, 'debug_bundler_clearState')).toBe('ok')
  expect(await statusOf(bundler, forgotten)).toBe('not_found')
  const next = await admit(bundler, await accounts.counterfactual('0.8'))
  await chain.client.setAutomine(true)
  await chain.client.mine({ blocks: 1 })
  expect(await waitForOperation(bundler.url, next)).toMatchObject({ success: true })
  // The chain had it already: it is answered like an operation of others.
  expect(await waitForOperation(bundler.url, forgotten)).toMatchObject({ success: true })
})

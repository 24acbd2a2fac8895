import { entryPointAdapters, getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { encodeFunctionData, parseAbi, parseEther, parseGwei } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  rpc,
  rpcResult,
  sendOperation,
  submit,
  waitForBundle,
  waitForOperation,
} from '../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../fixtures/bundlerScene.ts'
import { startBundlerScene } from '../fixtures/bundlerScene.ts'
import type { TestAccount } from '../fixtures/simpleAccounts.ts'
import { execute, publishedArtifact, unsigned } from '../fixtures/simpleAccounts.ts'

let scene: BundlerScene
beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

describe.each(entryPointAdapters)('EntryPoint $version', ({ version, address }) => {
  test('the first operation of an account deploys it, the second one runs on it', async () => {
    const bundler = await scene.start()
    const account = await scene.accounts.counterfactual(version)
    const first = unsigned(account, { deploy: true })
    const hash = await sendOperation(bundler.url, account, first, scene.chain.chainId)
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
    const next = await sendOperation(bundler.url, account, second, scene.chain.chainId)
    expect(await waitForOperation(bundler.url, next)).toMatchObject({ success: true })
  })

  test('a call that reverts has a receipt with its reason', async () => {
    const bundler = await scene.start()
    const account = await scene.accounts.counterfactual(version)
    const data = encodeFunctionData({
      abi: parseAbi(['function withdrawTo(address to, uint256 amount)']),
      args: [account.address, parseEther('1000000')],
    })
    const hash = await scene.admit(bundler, account, { callData: execute({ to: address, data }) })
    const receipt = await waitForOperation(bundler.url, hash)
    expect(receipt.success).toBe(false)
    expect(receipt.reason).toMatch(/Withdraw amount too large|InsufficientDeposit|^0x/)
    expect(await scene.status(bundler, hash)).toBe('reverted')
  })
})

test('forty operations of forty accounts on four EntryPoints are all included, several to a bundle', async () => {
  // Validations end one after another; an interval lets their operations meet.
  const bundler = await scene.start({ bundleInterval: 250 })
  const senders = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      scene.accounts.counterfactual(entryPointAdapters[index % 4]?.version ?? '0.8'),
    ),
  )
  const hashes = await Promise.all(senders.map((account) => scene.admit(bundler, account)))
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
  const bundler = await scene.start({ bundleMode: 'manual' })
  const account = await scene.accounts.counterfactual('0.8')
  await waitForBundle(bundler, [await scene.admit(bundler, account)])
  const hashes = await Promise.all(
    [1n, 2n, 3n].map((key) => scene.admit(bundler, account, { deploy: false, nonce: key << 64n })),
  )
  await waitForBundle(bundler, hashes)
  const receipts = await Promise.all(hashes.map((hash) => waitForOperation(bundler.url, hash)))
  expect(new Set(receipts.map(({ receipt }) => receipt.transactionHash)).size).toBe(1)
})

test('the same operation sent five times at once has one hash and is included once', async () => {
  const bundler = await scene.start()
  const account = await scene.accounts.counterfactual('0.6')
  const op = await scene.operation(account)
  const hashes = await Promise.all(
    Array.from({ length: 5 }, () => submit(bundler.url, account.entryPoint, op)),
  )
  expect(new Set(hashes).size).toBe(1)
  await waitForOperation(bundler.url, hashes[0] as Hex)
  const [executor] = bundler.executors as [Address]
  expect(await scene.chain.client.getTransactionCount({ address: executor })).toBe(1)
  const again = await rpc(bundler.url, 'eth_sendUserOperation', [
    account.entryPoint.toRpc(op),
    account.entryPoint.address,
  ])
  expect(again.error?.message).toMatch(/AA10|AA25/)
})

describe.each(entryPointAdapters)('EntryPoint $version', ({ version }) => {
  test('future nonces wait for their predecessors, and go with them in one bundle', async () => {
    const bundler = await scene.start({ bundleMode: 'manual', maxNoncesAhead: 3 })
    const account = await scene.accounts.counterfactual(version)
    await waitForBundle(bundler, [await scene.admit(bundler, account)])
    const of = (nonce: bigint) => scene.admit(bundler, account, { deploy: false, nonce })
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
  const bundler = await scene.start()
  const account = await scene.accounts.counterfactual('0.8')
  const arrived = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  scene.proxy.decide((method) => {
    if (method !== 'eth_sendRawTransaction') return 'pass'
    arrived.resolve()
    return held.promise.then(() => 'pass')
  })
  const first = await scene.admit(bundler, account)
  await arrived.promise
  const fees = { maxFeePerGas: parseGwei('30'), maxPriorityFeePerGas: parseGwei('10') }
  await expect(scene.admit(bundler, account, fees)).rejects.toThrow(
    'already on its way to the chain',
  )
  held.resolve()
  expect(await waitForOperation(bundler.url, first)).toMatchObject({ success: true })
})

test('a replacement needs 10 % more on both fees, and takes the place', async () => {
  const bundler = await scene.start({ bundleMode: 'manual' })
  const account = await scene.accounts.counterfactual('0.7')
  const fees = (percent: bigint) => ({
    maxFeePerGas: (parseGwei('10') * percent) / 100n,
    maxPriorityFeePerGas: (parseGwei('1') * percent) / 100n,
  })
  const first = await scene.admit(bundler, account, fees(100n))
  expect(await rpcResult(bundler.url, 'eth_getUserOperationByHash', [first])).toMatchObject({
    transactionHash: null,
    blockHash: null,
    blockNumber: null,
    userOperation: { sender: account.address },
  })

  const op = await scene.operation(account, fees(109n))
  const refused = await rpc(bundler.url, 'eth_sendUserOperation', [
    account.entryPoint.toRpc(op),
    account.entryPoint.address,
  ])
  expect(refused.error).toMatchObject({
    code: -32602,
    data: { rule: 'replacementUnderpriced', pending: first },
  })

  const second = await scene.admit(bundler, account, fees(110n))
  expect(await scene.status(bundler, first)).toBe('rejected')
  await waitForBundle(bundler, [second])
  expect(await rpcResult(bundler.url, 'eth_getUserOperationReceipt', [first])).toBeNull()
})

test('an EIP-7702 account is delegated and used in one bundle', async () => {
  const bundler = await scene.start()
  const { abi, bytecode } = publishedArtifact('0.8', 'Simple7702Account')
  const implementation = await scene.chain.deploy({ abi, bytecode, args: [] })
  const owner = privateKeyToAccount(generatePrivateKey())
  await scene.chain.client.setBalance({ address: owner.address, value: parseEther('1') })
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
    chainId: scene.chain.chainId,
    address: implementation,
    nonce: 0,
  })
  const hash = await scene.admit(bundler, account, {
    preVerificationGas: 100_000n,
    factoryData: '0x',
    eip7702Auth,
  })
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  expect(await scene.chain.client.getCode({ address: owner.address })).toBe(
    `0xef0100${implementation.slice(2).toLowerCase()}`,
  )
})

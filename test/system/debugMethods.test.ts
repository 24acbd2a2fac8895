import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { entryPointAdapters, getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { encodeFunctionData, parseAbi, parseEther } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Bundler, BundlerOptions } from '../../bundler/src/bundler.ts'
import { createBundler } from '../../bundler/src/bundler.ts'
import { rpc, rpcResult, submit, waitForOperation } from '../fixtures/bundlerClient.ts'
import { until } from '../fixtures/bundlerScene.ts'
import type { SimpleAccounts, TestAccount } from '../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, sign, unsigned } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

const entryPoint = entryPoint08Address
let chain: TestChain
let accounts: SimpleAccounts
const running: Bundler[] = []

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
})
afterEach(async () => {
  for (const bundler of running.splice(0)) await bundler.close()
  await chain.client.setAutomine(true)
})
afterAll(() => chain?.stop())

/** A bundler that bundles when it is told to. */
async function start(options: Partial<BundlerOptions> = {}): Promise<Bundler> {
  const executor = generatePrivateKey()
  const address = privateKeyToAddress(executor)
  await chain.client.setBalance({ address, value: parseEther('100') })
  const bundler = await createBundler({
    rpcUrl: chain.rpcUrl,
    executorPrivateKeys: [executor],
    port: 0,
    store: 'memory',
    debugRpc: true,
    bundleMode: 'manual',
    pollInterval: 50,
    minUnstakeDelay: 2,
    logLevel: 'silent',
    ...options,
  })
  running.push(bundler)
  return bundler
}

const debug = (bundler: Bundler, method: string, ...params: unknown[]) =>
  rpcResult(bundler.url, `debug_bundler_${method}`, params)

async function signed(account: TestAccount, fields: Parameters<typeof unsigned>[1] = {}) {
  const limits = {
    callGasLimit: 200_000n,
    verificationGasLimit: 1_000_000n,
    preVerificationGas: 100_000n,
  }
  return sign(account, unsigned(account, { deploy: true, ...limits, ...fields }), chain.chainId)
}

async function admit(
  bundler: Bundler,
  account: TestAccount,
  fields: Parameters<typeof unsigned>[1] = {},
): Promise<Hex> {
  return submit(bundler.url, account.entryPoint, await signed(account, fields))
}

async function pending(bundler: Bundler): Promise<Address[]> {
  const dump = (await debug(bundler, 'dumpMempool', entryPoint)) as { sender: Address }[]
  return dump.map(({ sender }) => sender)
}

const reputation = (address: Address, opsSeen: number, opsIncluded = 0) => ({
  address,
  opsSeen: `0x${opsSeen.toString(16)}`,
  opsIncluded: `0x${opsIncluded.toString(16)}`,
})

/** Stakes one ETH for `address`, as its owner: the chain lets us be anybody. */
async function stake(address: Address): Promise<void> {
  await chain.client.setBalance({ address, value: parseEther('2') })
  await chain.client.impersonateAccount({ address })
  const hash = await chain.client.sendTransaction({
    account: address,
    chain: null,
    to: entryPoint,
    value: parseEther('1'),
    data: encodeFunctionData({
      abi: parseAbi(['function addStake(uint32 unstakeDelaySec) payable']),
      args: [2],
    }),
  })
  await chain.client.waitForTransactionReceipt({ hash })
  await chain.client.stopImpersonatingAccount({ address })
}

test('sendBundleNow answers the transaction when the operations are on chain and settled', async () => {
  const bundler = await start()
  const [first, second] = await Promise.all([1, 2].map(() => accounts.counterfactual('0.8')))
  if (!first || !second) throw new Error('two accounts')
  const hashes = [await admit(bundler, first), await admit(bundler, second)]
  expect(await pending(bundler)).toEqual([first.address, second.address])
  const transactionHash = await debug(bundler, 'sendBundleNow')
  // At once: nothing has to be waited for any more.
  for (const hash of hashes) {
    expect(await rpcResult(bundler.url, 'eth_getUserOperationReceipt', [hash])).toMatchObject({
      success: true,
      receipt: { transactionHash },
    })
  }
  expect(await pending(bundler)).toEqual([])
  expect(await debug(bundler, 'sendBundleNow')).toBe('ok')
})

test('addUserOps takes what nobody validated; clearMempool forgets it, and no reputation', async () => {
  const bundler = await start()
  const adapter = getEntryPointAdapter(entryPoint)
  if (!adapter) throw new Error('EntryPoint 0.8 is known')
  const account = await accounts.counterfactual('0.8')
  const op = adapter.toRpc(await signed(account))
  await debug(bundler, 'setReputation', [reputation(account.address, 3, 1)], entryPoint)
  expect(await debug(bundler, 'addUserOps', [{ ...op, signature: '0x' }], entryPoint)).toBe('ok')
  expect(await pending(bundler)).toEqual([account.address])
  // It could not be included: the dry run finds out, and nothing is sent.
  expect(await debug(bundler, 'sendBundleNow')).toBe('ok')
  expect(await pending(bundler)).toEqual([])

  await debug(bundler, 'addUserOps', [op], entryPoint)
  expect(await debug(bundler, 'clearMempool')).toBe('ok')
  expect(await pending(bundler)).toEqual([])
  expect(await debug(bundler, 'dumpReputation', entryPoint)).toEqual([
    { ...reputation(account.address, 3, 1), status: '0x0' },
  ])
  expect(await debug(bundler, 'clearReputation')).toBe('ok')
  expect(await debug(bundler, 'dumpReputation', entryPoint)).toEqual([])
})

test('a banned sender loses its pending operations and is refused, until its reputation is cleared', async () => {
  const bundler = await start()
  const account = await accounts.counterfactual('0.8')
  await admit(bundler, account)
  await debug(bundler, 'setReputation', [reputation(account.address, 100_000, 1)], entryPoint)
  expect(await pending(bundler)).toEqual([])
  expect(await debug(bundler, 'dumpReputation', entryPoint)).toMatchObject([{ status: '0x2' }])
  const op = account.entryPoint.toRpc(await signed(account))
  const refused = await rpc(bundler.url, 'eth_sendUserOperation', [op, entryPoint])
  expect(refused.error).toMatchObject({
    code: -32504,
    data: { rule: 'GREP-010', account: account.address },
  })
  await debug(bundler, 'clearReputation')
  expect(await admit(bundler, account)).toMatch(/^0x/)
})

test('a ban outlives the process', async () => {
  const folder = await mkdtemp(`${tmpdir()}/bundler-`)
  try {
    const store = `sqlite:${folder}/bundler.sqlite`
    const account = await accounts.counterfactual('0.8')
    const first = await start({ store })
    await debug(first, 'setReputation', [reputation(account.address, 10_000)], entryPoint)
    await first.close()
    running.splice(0)
    const second = await start({ store })
    await expect(admit(second, account)).rejects.toThrow(/-32504 .* is banned/)
  } finally {
    for (const bundler of running.splice(0)) await bundler.close()
    await rm(folder, { recursive: true })
  }
})

test('getStakeStatus, [UREP-010] for who has no stake and [SREP-040] for who has', async () => {
  const bundler = await start()
  const account = await accounts.counterfactual('0.8')
  await admit(bundler, account)
  await debug(bundler, 'sendBundleNow')
  expect(await debug(bundler, 'getStakeStatus', account.address, entryPoint)).toEqual({
    stakeInfo: { addr: account.address, stake: '0', unstakeDelaySec: '0' },
    isStaked: false,
  })
  const of = (key: bigint) => admit(bundler, account, { deploy: false, nonce: key << 64n })
  for (const key of [1n, 2n, 3n, 4n]) await of(key)
  await expect(of(5n)).rejects.toThrow(/-32505 account .* is unstaked and has 4 pending/)
  expect(await debug(bundler, 'dumpReputation', entryPoint)).toEqual([])

  await stake(account.address)
  expect(await debug(bundler, 'getStakeStatus', account.address, entryPoint)).toEqual({
    stakeInfo: { addr: account.address, stake: `${parseEther('1')}`, unstakeDelaySec: '2' },
    isStaked: true,
  })
  await of(5n)
  expect(await debug(bundler, 'dumpReputation', entryPoint)).toMatchObject([
    { address: account.address, opsSeen: '0x1', opsIncluded: '0x0' },
  ])
  await debug(bundler, 'sendBundleNow')
  expect(await debug(bundler, 'dumpReputation', entryPoint)).toMatchObject([
    { address: account.address, opsSeen: '0x1', opsIncluded: '0x1' },
  ])
})

test('setBundleInterval bundles after that time, setBundlingMode stops it', async () => {
  const bundler = await start()
  const first = await admit(bundler, await accounts.counterfactual('0.8'))
  expect(await debug(bundler, 'setBundleInterval', 0.05)).toBe('ok')
  await bundled(bundler, first)
  expect(await debug(bundler, 'setBundlingMode', 'manual')).toBe('ok')
  const second = await admit(bundler, await accounts.counterfactual('0.8'))
  await chain.client.mine({ blocks: 2 })
  expect(await pending(bundler)).toHaveLength(1)
  await debug(bundler, 'sendBundleNow')
  await bundled(bundler, second)
})

async function bundled(bundler: Bundler, hash: Hex): Promise<void> {
  for (;;) {
    const receipt = await rpcResult(bundler.url, 'eth_getUserOperationReceipt', [hash])
    if (receipt) return
  }
}

test('setConfiguration changes what preVerificationGas an operation needs', async () => {
  const bundler = await start()
  const account = await accounts.counterfactual('0.8')
  const estimate = async () => {
    const op = account.entryPoint.toRpc(unsigned(account, { deploy: true }))
    const answer = await rpcResult(bundler.url, 'eth_estimateUserOperationGas', [op, entryPoint])
    return Number((answer as { preVerificationGas: Hex }).preVerificationGas)
  }
  const alone = await estimate()
  expect(await debug(bundler, 'setConfiguration', { expectedBundleSize: 10 })).toBe('ok')
  // Nine tenths of the bundle's fixed cost, 21,000 gas and more, fall to others.
  expect(alone - (await estimate())).toBeGreaterThan(18_900)
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
  const bundler = await start()
  const dump = (entryPoint: Address) =>
    rpcResult(bundler.url, 'debug_bundler_dumpMempool', [entryPoint])
  const senders = await Promise.all(
    entryPointAdapters.map(({ version }) => accounts.counterfactual(version)),
  )
  for (const account of senders) {
    const op = await signed(account)
    await submit(bundler.url, account.entryPoint, op)
    const [pending, ...others] = (await dump(account.entryPoint.address)) as unknown[]
    expect(others).toEqual([])
    // The hex of addresses may be checksummed on one side.
    expect(lowerCase(pending)).toEqual(lowerCase(account.entryPoint.toRpc(op)))
  }
  expect(await rpcResult(bundler.url, 'debug_bundler_clearState')).toBe('ok')
  for (const { address } of entryPointAdapters) expect(await dump(address)).toEqual([])
})

const status = async (bundler: Bundler, hash: Hex) => {
  const answer = await rpcResult(bundler.url, 'pimlico_getUserOperationStatus', [hash])
  return (answer as { status: string }).status
}

test('debug_bundler_clearState with a bundle in flight: the executor serves the next operation', async () => {
  const bundler = await start({ bundleMode: 'auto' })
  await chain.client.setAutomine(false)
  const forgotten = await admit(bundler, await accounts.counterfactual('0.8'))
  await until(async () => (await status(bundler, forgotten)) === 'submitted')
  expect(await rpcResult(bundler.url, 'debug_bundler_clearState')).toBe('ok')
  expect(await status(bundler, forgotten)).toBe('not_found')
  const next = await admit(bundler, await accounts.counterfactual('0.8'))
  await chain.client.setAutomine(true)
  await chain.client.mine({ blocks: 1 })
  expect(await waitForOperation(bundler.url, next)).toMatchObject({ success: true })
  // The chain had it already: it is answered like an operation of others.
  expect(await waitForOperation(bundler.url, forgotten)).toMatchObject({ success: true })
})

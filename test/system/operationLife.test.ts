import type { EntryPointVersion } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { createClient, parseEther, webSocket } from 'viem'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Bundler, BundlerOptions } from '../../bundler/src/bundler.ts'
import { createBundler } from '../../bundler/src/bundler.ts'
import { rpc, rpcResult, submit, waitForOperation } from '../fixtures/bundlerClient.ts'
import type { SimpleAccounts, TestAccount } from '../fixtures/simpleAccounts.ts'
import {
  deploySimpleAccounts,
  publishedArtifact,
  sign,
  unsigned,
} from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

/** What is told about an operation while it lives: subscriptions, explanations, cancellations, boosts. */
let chain: TestChain
let accounts: SimpleAccounts
const running: Bundler[] = []
const sockets: { close(): void }[] = []

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
})
afterAll(() => chain?.stop())
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close()
  for (const bundler of running.splice(0)) await bundler.close()
  await chain.client.setAutomine(true)
  await chain.client.mine({ blocks: 1 })
})

async function start(options: Partial<BundlerOptions> = {}): Promise<Bundler> {
  const executor = generatePrivateKey()
  await chain.client.setBalance({ address: privateKeyToAddress(executor), value: parseEther('1') })
  const bundler = await createBundler({
    rpcUrl: chain.rpcUrl,
    executorPrivateKeys: [executor],
    port: 0,
    store: 'memory',
    debugRpc: true,
    pollInterval: 50,
    logLevel: 'silent',
    ...options,
  })
  running.push(bundler)
  return bundler
}

const ample = (account: TestAccount, fields: Parameters<typeof unsigned>[1] = {}) =>
  sign(
    account,
    unsigned(account, {
      deploy: true,
      callGasLimit: 200_000n,
      verificationGasLimit: 1_000_000n,
      preVerificationGas: 100_000n,
      ...fields,
    }),
    chain.chainId,
  )

async function send(bundler: Bundler, account: TestAccount, fields = {}): Promise<Hex> {
  return submit(bundler.url, account.entryPoint, await ample(account, fields))
}

type Explanation = { stage: string; rule?: string; behind?: Hex; history: { status: string }[] }
const explain = (bundler: Bundler, hash: Hex) =>
  rpcResult(bundler.url, 'bundler_explainUserOperation', [hash]) as Promise<Explanation>

type Told = { userOpHash: Hex; sender: Address; status: string; transactionHash?: Hex }

/** Subscribes through viem's WebSocket transport, unchanged. */
async function subscribe(bundler: Bundler, filter: object = {}) {
  const { transport } = createClient({
    transport: webSocket(bundler.url.replace('http', 'ws'), { reconnect: false }),
  })
  const socket = await transport.getRpcClient()
  sockets.push(socket)
  const told: Told[] = []
  await transport.subscribe({
    // viem types the topics of nodes only; what it sends is what it is given.
    params: ['userOperations', filter] as unknown as ['newHeads'],
    onData: (data: unknown) => void told.push((data as { result: Told }).result),
  })
  return told
}

const statuses = (told: readonly Told[]) => told.map(({ status }) => status)

describe('eth_subscribe', () => {
  test('pending, submitted and included of the sender that was asked for', async () => {
    const bundler = await start()
    const [mine, other] = [
      await accounts.counterfactual('0.8'),
      await accounts.counterfactual('0.8'),
    ]
    const told = await subscribe(bundler, { sender: mine.address })
    const hash = await send(bundler, mine)
    await waitForOperation(bundler.url, await send(bundler, other))
    const { receipt } = await waitForOperation(bundler.url, hash)
    await vi.waitFor(() => expect(statuses(told)).toEqual(['pending', 'submitted', 'included']))
    expect(
      told.every(({ userOpHash, sender }) => userOpHash === hash && sender === mine.address),
    ).toBe(true)
    expect(told[2]?.transactionHash).toBe(receipt.transactionHash)
  })

  test('one that was replaced is dropped, one whose block is gone is reorged and comes again', async () => {
    const bundler = await start({ bundleMode: 'manual' })
    const account = await accounts.counterfactual('0.7')
    const told = await subscribe(bundler, { entryPoint: account.entryPoint.address })
    const first = await send(bundler, account)
    const fees = { maxFeePerGas: 4_000_000_000n, maxPriorityFeePerGas: 2_000_000_000n }
    const second = await send(bundler, account, fees)
    await vi.waitFor(() => expect(statuses(told)).toEqual(['pending', 'dropped', 'pending']))
    expect(told[1]?.userOpHash).toBe(first)
    expect(await explain(bundler, first)).toMatchObject({ stage: 'dropped', rule: 'replaced' })

    await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')
    await vi.waitFor(() => expect(statuses(told).at(-1)).toBe('included'))
    await chain.client.request({
      method: 'anvil_reorg' as never,
      params: [1, []] as never,
    })
    await vi.waitFor(() => expect(statuses(told)).toContain('reorged'), 5_000)
    expect(told.find(({ status }) => status === 'reorged')?.userOpHash).toBe(second)
    expect((await explain(bundler, second)).history.map(({ status }) => status)).toEqual(
      expect.arrayContaining(['pending', 'submitted', 'included', 'reorged']),
    )
  })
})

describe('bundler_explainUserOperation', () => {
  test('waiting for a block, behind a nonce, below the base fee, on chain, refused, unknown', async () => {
    const bundler = await start({ bundleMode: 'manual' })
    const account = await accounts.counterfactual('0.8')
    const first = await send(bundler, account)
    expect(await explain(bundler, first)).toMatchObject({
      stage: 'waiting',
      rule: 'manualMode',
      history: [{ status: 'pending' }],
    })
    await rpcResult(bundler.url, 'debug_bundler_sendBundleNow')
    await waitForOperation(bundler.url, first)
    expect(await explain(bundler, first)).toMatchObject({ stage: 'included' })

    const wrong = {
      ...(await ample(account, { nonce: 1n << 64n, deploy: false })),
      nonce: 2n << 64n,
    }
    const params = [account.entryPoint.toRpc(wrong), account.entryPoint.address]
    expect(await rpc(bundler.url, 'eth_sendUserOperation', params)).toHaveProperty('error')
    const hash = account.entryPoint.hash(wrong, chain.chainId)
    expect(await explain(bundler, hash)).toMatchObject({ stage: 'rejected', rule: 'AA24' })
    expect(await explain(bundler, `0x${'77'.repeat(32)}`)).toEqual({
      userOpHash: `0x${'77'.repeat(32)}`,
      stage: 'unknown',
      message: 'this bundler does not know the operation',
      history: [],
    })
  })

  test('submitted, with its transaction, while the block is not there', async () => {
    const bundler = await start()
    await chain.client.setAutomine(false)
    const hash = await send(bundler, await accounts.counterfactual('0.8'))
    await vi.waitFor(async () =>
      expect(await explain(bundler, hash)).toMatchObject({
        stage: 'submitted',
        rule: 'awaitingBlock',
        transactionHash: expect.stringMatching(/^0x/),
      }),
    )
  })

  test('reverted, with the decoded reason in words and bytes', async () => {
    const bundler = await start()
    const account = await accounts.counterfactual('0.7')
    const hash = await send(bundler, account, { callData: '0xdeadbeef' })
    await waitForOperation(bundler.url, hash)
    expect(await explain(bundler, hash)).toMatchObject({
      stage: 'reverted',
      rule: 'executionReverted',
    })
  })
})

describe('bundler_dropUserOperation', () => {
  const types = {
    DropUserOperation: [
      { name: 'userOpHash', type: 'bytes32' },
      { name: 'deadline', type: 'uint256' },
    ],
  } as const
  const deadline = () => BigInt(Math.floor(Date.now() / 1_000) + 60)

  async function cancel(account: TestAccount, userOpHash: Hex, until: bigint) {
    const signature = await account.owner.signTypedData({
      domain: {
        name: 'FabstirBundler',
        version: '1',
        chainId: chain.chainId,
        verifyingContract: account.entryPoint.address,
      },
      types,
      primaryType: 'DropUserOperation',
      message: { userOpHash, deadline: until },
    })
    return [userOpHash, `0x${until.toString(16)}`, signature]
  }

  test('the key of an EIP-7702 account takes its operation back; a thief does not', async () => {
    const bundler = await start({ bundleMode: 'manual' })
    const account = await delegatedAccount('0.8')
    const hash = await submit(bundler.url, account.entryPoint, await account.op())
    const thief = { ...account, owner: privateKeyToAccount(generatePrivateKey()) }
    expect(
      await rpc(bundler.url, 'bundler_dropUserOperation', await cancel(thief, hash, deadline())),
    ).toMatchObject({ error: { code: -32507 } })
    const params = await cancel(account, hash, deadline())
    expect(await rpcResult(bundler.url, 'bundler_dropUserOperation', params)).toBe(true)
    expect(await rpcResult(bundler.url, 'bundler_dropUserOperation', params)).toBe(false)
    expect(await rpcResult(bundler.url, 'eth_getUserOperationByHash', [hash])).toBeNull()
    expect(await explain(bundler, hash)).toMatchObject({
      stage: 'dropped',
      rule: 'droppedBySender',
    })
  })

  test('an account that is not deployed yet judges by the code that its factory gives it', async () => {
    const bundler = await start({ bundleMode: 'manual' })
    const account = await accounts.counterfactual('0.8')
    const hash = await send(bundler, account)
    // SimpleAccount has no ERC-1271: deployed for the question, it does not vouch for anybody.
    const params = await cancel(account, hash, deadline())
    expect(await rpc(bundler.url, 'bundler_dropUserOperation', params)).toMatchObject({
      error: { code: -32507, data: { rule: 'cancellationSignature' } },
    })
  })

  test('one in flight stays', async () => {
    const bundler = await start()
    const account = await delegatedAccount('0.8')
    await chain.client.setAutomine(false)
    const hash = await submit(bundler.url, account.entryPoint, await account.op())
    await vi.waitFor(async () => expect((await explain(bundler, hash)).stage).toBe('submitted'))
    const params = await cancel(account, hash, deadline())
    expect(await rpc(bundler.url, 'bundler_dropUserOperation', params)).toMatchObject({
      error: { code: -32602, data: { rule: 'inFlight' } },
    })
  })

  async function delegatedAccount(version: EntryPointVersion) {
    const { abi, bytecode } = publishedArtifact(version, 'Simple7702Account')
    const implementation = await chain.deploy({ abi, bytecode, args: [] })
    const { entryPoint } = await accounts.counterfactual(version)
    const owner = privateKeyToAccount(generatePrivateKey())
    await chain.client.setBalance({ address: owner.address, value: parseEther('1') })
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
    return { ...account, op: () => ample(account, { factoryData: '0x', eip7702Auth }) }
  }
})

describe('operations that are sent to be included', () => {
  test('pimlico_sendUserOperationNow answers with the receipt, in manual mode too', async () => {
    const bundler = await start({ bundleMode: 'manual' })
    const account = await accounts.counterfactual('0.8')
    const params = [account.entryPoint.toRpc(await ample(account)), account.entryPoint.address]
    expect(await rpcResult(bundler.url, 'pimlico_sendUserOperationNow', params)).toMatchObject({
      sender: account.address,
      success: true,
    })
  })

  test('a boosted operation pays nothing and is included; others cannot', async () => {
    const account = await accounts.counterfactual('0.8', 1n)
    const bundler = await start({ boostSenders: [account.address] })
    const free = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
    const { entryPoint } = account
    const params = [entryPoint.toRpc(await ample(account, free)), entryPoint.address]
    expect(await rpc(bundler.url, 'eth_sendUserOperation', params)).toMatchObject({
      error: { code: -32602, data: { rule: 'maxFeePerGas' } },
    })
    const hash = (await rpcResult(bundler.url, 'boost_sendUserOperation', params)) as Hex
    expect(await waitForOperation(bundler.url, hash)).toMatchObject({
      success: true,
      actualGasCost: '0x0',
    })
    const other = await accounts.counterfactual('0.8')
    const refused = [entryPoint.toRpc(await ample(other, free)), entryPoint.address]
    expect(await rpc(bundler.url, 'boost_sendUserOperation', refused)).toMatchObject({
      error: { code: -32602, data: { rule: 'boost' } },
    })
  })

  test('rundler_maxPriorityFeePerGas is a quantity', async () => {
    const bundler = await start()
    expect(await rpcResult(bundler.url, 'rundler_maxPriorityFeePerGas')).toMatch(/^0x[0-9a-f]+$/)
  })
})

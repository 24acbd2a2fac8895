import { fabTokenAbi, testUsdcAbi, tokenPaymasterAbi } from '@fabstir/contracts/abi'
import { toFabstirAccount } from '@fabstir/sdk'
import type { Abi, Address, ContractFunctionParameters } from 'viem'
import { createPublicClient, http, parseEther, parseUnits, walletActions, zeroAddress } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createBundler } from '../../bundler/src/bundler.ts'
import { devnetAccounts, privateKeyOf } from '../../devnet/src/keys.ts'
import { compileHostile } from '../fixtures/hostileContracts.ts'
import { deploymentOf, startStack } from './paymasterFixture.ts'

/** Whom the deployment of {@link startStack} takes quotes of. */
export const quoteSignerKey = privateKeyOf(devnetAccounts.council)

/** Dollars for an ether and for a FAB. */
export const etherUsd = 2_500n
export const fabUsd = '0.05'
export const markupBps = 500
const feedMaxAge = 3_600
const [none, feed, quote] = [0, 1, 2]

export type TokenStack = Awaited<ReturnType<typeof startTokenStack>>

/**
 * Chain, contracts and a bundler. Governance has listed USDC with feeds and FAB with quotes for the TokenPaymaster of
 * EntryPoint 0.8, which has a stake and a deposit.
 */
export async function startTokenStack() {
  const stack = await startStack()
  const { anvil, contracts, walletClient } = stack
  const client = stack.client.extend(walletActions)
  const { tokenPaymaster } = deploymentOf(contracts, entryPoint08Address)
  const { timelock, usdc, fab } = contracts
  const paymaster = { address: tokenPaymaster, abi: tokenPaymasterAbi } as const

  /** A call by an account of which nobody has the key, as governance's timelock would make it. */
  async function callAs(
    account: Address,
    call: ContractFunctionParameters & { value?: bigint },
  ): Promise<void> {
    await client.setBalance({ address: account, value: parseEther('100') })
    await client.impersonateAccount({ address: account })
    const hash = await client.writeContract({ ...call, account, chain: null } as never)
    const { status } = await client.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`${call.functionName} reverted`)
  }

  const { TestPriceFeed } = compileHostile(['TestPriceFeed'])
  async function deployFeed(dollars: bigint) {
    const { abi = [], bytecode = '0x' } = TestPriceFeed ?? {}
    const hash = await walletClient.deployContract({ abi, bytecode, args: [8] })
    const { contractAddress } = await client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error('no feed was deployed')
    const address = contractAddress
    /** A new answer, `age` seconds old. */
    const set = async (answer: bigint, age = 0n) => {
      const { timestamp } = await client.getBlock()
      const args = [answer * 10n ** 8n, timestamp - age, timestamp - age]
      await callAs(devnetAccounts.deployer.address, {
        address,
        abi: abi as Abi,
        functionName: 'set',
        args,
      })
    }
    await set(dollars)
    return { address, set }
  }
  const etherFeed = await deployFeed(etherUsd)
  const usdcFeed = await deployFeed(1n)

  const terms = { markupBps, minPrice: 1n, maxPrice: 2n ** 112n - 1n }
  const list = (token: Address, more: { source: number; feed: Address; feedMaxAge: number }) =>
    callAs(timelock, {
      ...paymaster,
      functionName: 'setToken',
      args: [token, { ...terms, ...more }],
    })
  await callAs(timelock, {
    ...paymaster,
    functionName: 'setNativeFeed',
    args: [etherFeed.address, feedMaxAge],
  })
  await list(fab, { source: quote, feed: zeroAddress, feedMaxAge: 0 })
  await callAs(timelock, {
    ...paymaster,
    functionName: 'addStake',
    args: [86_400],
    value: parseEther('1'),
  })
  async function listUsdc(isTaken: boolean) {
    if (!isTaken) return list(usdc, { source: none, feed: zeroAddress, feedMaxAge: 0 })
    await list(usdc, { source: feed, feed: usdcFeed.address, feedMaxAge })
    return updatePrice()
  }
  const updatePrice = () =>
    callAs(devnetAccounts.deployer.address, {
      ...paymaster,
      functionName: 'updatePrice',
      args: [usdc],
    })
  await listUsdc(true)
  await callAs(devnetAccounts.deployer.address, {
    ...paymaster,
    functionName: 'deposit',
    value: parseEther('5'),
  })

  /** 100 USDC and 1,000 FAB. */
  async function give(holder: Address): Promise<void> {
    await callAs(devnetAccounts.deployer.address, {
      address: usdc,
      abi: testUsdcAbi,
      functionName: 'mint',
      args: [holder, parseUnits('100', 6)],
    })
    await callAs(devnetAccounts.deployer.address, {
      address: fab,
      abi: fabTokenAbi,
      functionName: 'transfer',
      args: [holder, parseEther('1000')],
    })
  }

  const executor = generatePrivateKey()
  const { address: executorAddress } = privateKeyToAccount(executor)
  await client.setBalance({ address: executorAddress, value: parseEther('100') })
  const bundler = await createBundler({
    rpcUrl: anvil.url,
    executorPrivateKeys: [executor],
    port: 0,
    store: 'memory',
    pollInterval: 50,
    logLevel: 'silent',
  })

  const publicClient = createPublicClient({
    chain: walletClient.chain,
    transport: http(anvil.url),
    pollingInterval: 50,
  })
  return {
    ...stack,
    publicClient,
    bundler,
    tokenPaymaster,
    etherFeed,
    usdcFeed,
    updatePrice,
    callAs,
    give,
    listUsdc,
    /** A FabstirAccount that holds 100 USDC and 1,000 FAB. */
    async newHolder() {
      const owner = privateKeyToAccount(generatePrivateKey())
      const account = await toFabstirAccount({
        client: publicClient,
        owner,
        contracts,
        entryPoint: '0.8',
      })
      await give(account.address)
      return account
    },
    async stop() {
      await bundler.close()
      await anvil.stop()
    },
  }
}

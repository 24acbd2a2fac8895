import { fabTokenAbi, jobMarketplaceAbi, testUsdcAbi } from '@fabstir/contracts/abi'
import type { Devnet } from '@fabstir/devnet'
import {
  type AccountReadClient,
  createFabstirClient,
  type FabstirOwner,
  type OperationStorage,
  toFabstirAccount,
} from '@fabstir/sdk'
import {
  type Address,
  createPublicClient,
  createWalletClient,
  http,
  type PublicClient,
  parseEther,
  parseUnits,
  type Transport,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { apiKeys } from '../../devnet/src/apps.ts'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import { type WholeClient, wholeClient } from './sdk/wholeClient.ts'

export type ClientOptions = {
  owner?: FabstirOwner
  eip7702?: boolean
  salt?: bigint
  entryPoint?: '0.8' | '0.9'
  nonceLanes?: number
  transport?: Transport
  paymaster?: Transport
  /** Milliseconds; 30,000 by default. */
  timeout?: number
  storage?: OperationStorage
}

export const freshKey = () => privateKeyToAccount(generatePrivateKey())

/** Sponsored clients of a devnet, and the tokens their accounts need. */
export function sdkFixture({ chain, rpcUrl, bundlerUrl, paymasterUrl, contracts }: Devnet) {
  const publicClient: PublicClient = createPublicClient({
    chain,
    transport: http(rpcUrl),
    pollingInterval: 50,
  })
  const deployer = createWalletClient({
    account: devnetAccounts.deployer,
    chain,
    transport: http(rpcUrl),
  })
  const confirm = async (hash: `0x${string}`) => {
    await publicClient.waitForTransactionReceipt({ hash })
  }
  const sponsor = (apiKey: string = apiKeys.demo) =>
    http(paymasterUrl, {
      fetchOptions: { headers: { Authorization: `Bearer ${apiKey}` } },
      retryCount: 0,
    })

  /** A client of an account that does not exist yet and owns nothing. */
  const createClient = async ({
    owner = freshKey(),
    transport = http(bundlerUrl),
    paymaster = sponsor(),
    timeout = 30_000,
    eip7702 = false,
    salt,
    storage,
    ...options
  }: ClientOptions = {}): Promise<WholeClient> =>
    wholeClient(
      createFabstirClient({
        account: await toFabstirAccount({
          client: publicClient,
          owner,
          contracts,
          ...options,
          ...(eip7702 ? { eip7702 } : { salt }),
        }),
        chain,
        transport,
        paymaster,
        pollingInterval: 20,
        timeout,
        storage,
      }),
    )

  const give = {
    fab: async (to: Address, amount: string) =>
      confirm(
        await deployer.writeContract({
          address: contracts.fab,
          abi: fabTokenAbi,
          functionName: 'transfer',
          args: [to, parseEther(amount)],
        }),
      ),
    usdc: async (to: Address, amount: string) =>
      confirm(
        await deployer.writeContract({
          address: contracts.usdc,
          abi: testUsdcAbi,
          functionName: 'mint',
          args: [to, parseUnits(amount, 6)],
        }),
      ),
    eth: async (to: Address, amount: string) =>
      confirm(await deployer.sendTransaction({ to, value: parseEther(amount) })),
  }

  /** A registered host. */
  const createHost = async (options: ClientOptions = {}) => {
    const host = await createClient(options)
    await give.fab(host.account.address, '1000')
    await host.registerHostSync({ models: ['llama-70b'], region: 'us-west' })
    return host
  }

  /** A renter with USDC. */
  const createRenter = async (amount: string, options: ClientOptions = {}) => {
    const renter = await createClient(options)
    await give.usdc(renter.account.address, amount)
    return renter
  }

  /** Jobs that an account has posted. */
  const jobsOf = async ({ account }: AccountReadClient) => {
    const logs = await publicClient.getContractEvents({
      abi: jobMarketplaceAbi,
      address: contracts.marketplace,
      eventName: 'JobPosted',
      args: { renter: account.address },
      fromBlock: 0n,
      strict: true,
    })
    return logs.map(({ args }) => args)
  }

  return { publicClient, sponsor, createClient, createHost, createRenter, give, jobsOf }
}

/** Holds operations back until `count` of them are prepared: each was estimated as if it were the only one. */
export function barrier(transport: Transport, count: number): Transport {
  const gate = Promise.withResolvers<void>()
  let arrived = 0
  return (parameters) => {
    const { request, ...rest } = transport(parameters)
    return {
      ...rest,
      async request(args: { method: string; params?: unknown }) {
        if (args.method === 'eth_sendUserOperation') {
          arrived += 1
          if (arrived === count) gate.resolve()
          await gate.promise
        }
        return request(args)
      },
    } as ReturnType<Transport>
  }
}

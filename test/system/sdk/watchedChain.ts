import { jobMarketplaceAbi, testUsdcAbi } from '@fabstir/contracts/abi'
import { startDevnet } from '@fabstir/devnet'
import {
  type Address,
  type Client,
  createPublicClient,
  createTestClient,
  createWalletClient,
  http,
  parseUnits,
} from 'viem'
import { devnetAccounts } from '../../../devnet/src/keys.ts'
import { startServiceProxy } from '../sdkServiceProxy.ts'

export type WatchedChain = Awaited<ReturnType<typeof startWatchedChain>>

/** A devnet whose marketplace gets deposits and jobs, and a proxy before its node that can lose answers. */
export async function startWatchedChain() {
  const devnet = await startDevnet()
  const { chain, rpcUrl } = devnet
  const { usdc, marketplace } = devnet.contracts
  const proxy = await startServiceProxy(rpcUrl)
  const close = async () => {
    await proxy.close()
    await devnet.close()
  }

  const client = createPublicClient({ chain, transport: http(rpcUrl) })
  const node = createTestClient({ chain, mode: 'anvil', transport: http(rpcUrl) })
  const account = devnetAccounts.treasury
  const wallet = createWalletClient({ account, chain, transport: http(rpcUrl) })

  const send = async (call: Parameters<typeof wallet.writeContract>[0]) => {
    const hash = await wallet.writeContract(call)
    await client.waitForTransactionReceipt({ hash, pollingInterval: 20 })
  }
  const reader = (client: Client) => ({ client, contracts: devnet.contracts })

  try {
    const amount = parseUnits('1000000', 6)
    await send({
      ...{ address: usdc, abi: testUsdcAbi, functionName: 'mint' },
      args: [account.address, amount],
    })
    await send({
      ...{ address: usdc, abi: testUsdcAbi, functionName: 'approve' },
      args: [marketplace, amount],
    })
  } catch (error) {
    await close()
    throw error
  }

  let lastAmount = 1_000_000n
  return {
    ...{ chain, rpcUrl, proxy, close, reader },
    /** What watches asks the node itself. */
    direct: () => reader(client),
    /** What watches asks the proxy. */
    viaProxy: () =>
      reader(
        createPublicClient({
          chain,
          transport: http(proxy.url, { retryCount: 0, timeout: 2_000 }),
        }),
      ),

    /**
     * Makes deposits, each of an amount of its own, in a block each.
     * @returns The amount of the last one.
     */
    async deposit(count: number): Promise<bigint> {
      for (let made = 0; made < count; made += 1) {
        lastAmount += 1n
        await send({
          ...{ address: marketplace, abi: jobMarketplaceAbi, functionName: 'depositPrepaid' },
          args: [usdc, lastAmount],
        })
      }
      return lastAmount
    },
    /** Amounts of the deposits on the chain, in order. */
    async deposits(): Promise<bigint[]> {
      const logs = await client.getContractEvents({
        ...{ address: marketplace, abi: jobMarketplaceAbi, eventName: 'PrepaidDeposited' },
        ...{ fromBlock: 0n, strict: true },
      })
      return logs.map(({ args }) => args.amount)
    },
    /**
     * Transfers USDC from the renter to the renter.
     * @returns Its address.
     */
    async payItself(value: bigint): Promise<Address> {
      await send({
        ...{ address: usdc, abi: testUsdcAbi, functionName: 'transfer' },
        args: [account.address, value],
      })
      return account.address
    },
    postJob: () =>
      send({
        ...{ address: marketplace, abi: jobMarketplaceAbi, functionName: 'postJobWithToken' },
        args: [
          {
            ...{ modelId: 'llama-70b', prompt: 'bafyprompt', resultFormat: 'text' },
            ...{ maxTokens: 100n, temperature: 700n, seed: 0n },
          },
          {
            ...{ minGPUMemory: 0n, minReputationScore: 0n },
            ...{ maxTimeToComplete: 3600n, requiresProof: false },
          },
          usdc,
          1_000_000n,
        ],
      }),

    head: async (): Promise<bigint> => (await client.getBlock()).number,
    mine: (blocks: number) => node.mine({ blocks }),
    /** Puts as many empty blocks in the place of the newest ones. */
    reorganise: (depth: number) =>
      node.request({ method: 'anvil_reorg' as never, params: [depth, []] as never }),
  }
}

import { fabTokenAbi, testUsdcAbi } from '@fabstir/contracts/abi'
import { createFabstirClient, type FabstirClient, toFabstirAccount } from '@fabstir/sdk'
import {
  createPublicClient,
  createWalletClient,
  type Hash,
  http,
  type LocalAccount,
  type PublicClient,
  parseEther,
  parseUnits,
  type Transport,
} from 'viem'
import { apiKeys } from '../apps.ts'
import { devnetAccounts } from '../keys.ts'
import type { Devnet } from '../startDevnet.ts'

export type Actors = {
  publicClient: PublicClient
  /** Owns 1,000 FAB, no ETH. */
  host: FabstirClient
  /** Owns 10 USDC, no ETH. */
  renter: FabstirClient
}

/** What the demo's accounts begin with. */
export const endowment = { hostFab: parseEther('1000'), renterUsdc: parseUnits('10', 6) } as const

/**
 * Host and renter: two smart accounts that do not exist yet and own no ETH.
 * @param onOperation Called with the hash of every operation that the bundler accepts.
 */
export async function createActors(
  devnet: Devnet,
  onOperation: (hash: Hash) => void,
): Promise<Actors> {
  const { chain, rpcUrl, contracts } = devnet
  const publicClient = createPublicClient({ chain, transport: http(rpcUrl), pollingInterval: 50 })
  const clientOf = async (owner: LocalAccount) =>
    createFabstirClient({
      account: await toFabstirAccount({ client: publicClient, owner, contracts }),
      client: publicClient,
      chain,
      contracts,
      transport: recordOperations(http(devnet.bundlerUrl), onOperation),
      paymaster: http(devnet.paymasterUrl, {
        fetchOptions: { headers: { Authorization: `Bearer ${apiKeys.demo}` } },
      }),
      pollingInterval: 20,
      timeout: 30_000,
    })
  const host = await clientOf(devnetAccounts.hostOwner)
  const renter = await clientOf(devnetAccounts.renterOwner)
  await endow(devnet, publicClient, { host, renter })
  return { publicClient, host, renter }
}

async function endow(
  { chain, rpcUrl, contracts }: Devnet,
  publicClient: PublicClient,
  { host, renter }: Pick<Actors, 'host' | 'renter'>,
): Promise<void> {
  const deployer = createWalletClient({
    account: devnetAccounts.deployer,
    chain,
    transport: http(rpcUrl),
  })
  const hashes = [
    await deployer.writeContract({
      address: contracts.fab,
      abi: fabTokenAbi,
      functionName: 'transfer',
      args: [host.account.address, endowment.hostFab],
    }),
    await deployer.writeContract({
      address: contracts.usdc,
      abi: testUsdcAbi,
      functionName: 'mint',
      args: [renter.account.address, endowment.renterUsdc],
    }),
  ]
  for (const hash of hashes) await publicClient.waitForTransactionReceipt({ hash })
}

/** The transport, telling of every operation that the bundler has accepted. */
function recordOperations(transport: Transport, onOperation: (hash: Hash) => void): Transport {
  return (parameters) => {
    const { request, ...rest } = transport(parameters)
    return {
      ...rest,
      async request(args: { method: string; params?: unknown }) {
        const result = await request(args)
        if (args.method === 'eth_sendUserOperation') onOperation(result as Hash)
        return result
      },
    } as ReturnType<Transport>
  }
}

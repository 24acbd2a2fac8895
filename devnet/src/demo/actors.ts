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
import { type AppName, apiKeys } from '../apps.ts'
import { devnetAccounts } from '../keys.ts'
import type { Devnet } from '../startDevnet.ts'

export type Actors = {
  publicClient: PublicClient
  /** Owns 1,000 FAB, no ETH. */
  host: FabstirClient
  /** Owns 10 USDC, no ETH. */
  renter: FabstirClient
  /** User of the small app, on EntryPoint 0.9. Owns 10 USDC, no ETH. */
  guest: FabstirClient
}

/** What the demo's accounts begin with. */
export const endowment = {
  hostFab: parseEther('1000'),
  renterUsdc: parseUnits('10', 6),
  guestUsdc: parseUnits('10', 6),
} as const

/**
 * Host, renter and guest: smart accounts that do not exist yet and own no ETH.
 * @param onOperation Called with the hash of every operation that the bundler accepts.
 */
export async function createActors(
  devnet: Devnet,
  onOperation: (hash: Hash) => void,
): Promise<Actors> {
  const { chain, rpcUrl, contracts } = devnet
  const publicClient = createPublicClient({ chain, transport: http(rpcUrl), pollingInterval: 50 })
  const clientOf = async (owner: LocalAccount, app: AppName, entryPoint: '0.8' | '0.9') =>
    createFabstirClient({
      account: await toFabstirAccount({ client: publicClient, owner, contracts, entryPoint }),
      client: publicClient,
      chain,
      contracts,
      transport: recordOperations(http(devnet.bundlerUrl), onOperation),
      paymaster: http(devnet.paymasterUrl, {
        fetchOptions: { headers: { Authorization: `Bearer ${apiKeys[app]}` } },
      }),
      pollingInterval: 20,
      timeout: 30_000,
    })
  const { hostOwner, renterOwner, guestOwner } = devnetAccounts
  const host = await clientOf(hostOwner, 'demo', '0.8')
  const renter = await clientOf(renterOwner, 'demo', '0.8')
  const guest = await clientOf(guestOwner, 'small', '0.9')
  await endow(devnet, publicClient, { host, renter, guest })
  return { publicClient, host, renter, guest }
}

async function endow(
  { chain, rpcUrl, contracts }: Devnet,
  publicClient: PublicClient,
  { host, renter, guest }: Pick<Actors, 'host' | 'renter' | 'guest'>,
): Promise<void> {
  const deployer = createWalletClient({
    account: devnetAccounts.deployer,
    chain,
    transport: http(rpcUrl),
  })
  const mint = ({ account }: FabstirClient, amount: bigint) =>
    deployer.writeContract({
      address: contracts.usdc,
      abi: testUsdcAbi,
      functionName: 'mint',
      args: [account.address, amount],
    })
  const hashes = [
    await deployer.writeContract({
      address: contracts.fab,
      abi: fabTokenAbi,
      functionName: 'transfer',
      args: [host.account.address, endowment.hostFab],
    }),
    await mint(renter, endowment.renterUsdc),
    await mint(guest, endowment.guestUsdc),
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

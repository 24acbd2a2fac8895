import { type Address, erc20Abi, type PublicClient, zeroAddress } from 'viem'
import type { AddressBook } from '../../addressBook.ts'
import { jobMarketplaceAbi, nodeRegistryAbi } from '../../generated/abi/index.ts'
import type { MetricsInput } from './metrics.ts'

type Reader = Pick<PublicClient, 'readContract'>

/** The breaker as it stands: its counters run over a window, and its levels end by themselves. */
export async function readBreaker(
  publicClient: Reader,
  { marketplace }: Pick<AddressBook, 'marketplace'>,
): Promise<MetricsInput['breaker']> {
  const contract = { address: marketplace, abi: jobMarketplaceAbi } as const
  const [[level], metrics] = await Promise.all([
    publicClient.readContract({ ...contract, functionName: 'circuitBreakerLevel' }),
    publicClient.readContract({ ...contract, functionName: 'getCircuitBreakerMetrics' }),
  ])
  return {
    level,
    failures: Number(metrics.failures),
    successes: Number(metrics.successes),
    suspicious: Number(metrics.suspicious),
    lastIncident: Number(metrics.lastIncident),
  }
}

/** FAB in wei that a host needs now. */
export async function readMinimumStake(
  publicClient: Reader,
  { registry }: Pick<AddressBook, 'registry'>,
): Promise<bigint> {
  return publicClient.readContract({
    address: registry,
    abi: nodeRegistryAbi,
    functionName: 'minimumStake',
  })
}

/** Name and decimals of ETH, USDC and FAB, by address. */
export async function readTokens(
  publicClient: Reader,
  { usdc, fab }: Pick<AddressBook, 'usdc' | 'fab'>,
): Promise<Map<Address, { name: string; decimals: number }>> {
  const token = async (name: string, address: Address) => {
    const decimals = await publicClient.readContract({
      address,
      abi: erc20Abi,
      functionName: 'decimals',
    })
    return [address, { name, decimals }] as const
  }
  return new Map([
    [zeroAddress, { name: 'ETH', decimals: 18 }],
    await token('USDC', usdc),
    await token('FAB', fab),
  ])
}

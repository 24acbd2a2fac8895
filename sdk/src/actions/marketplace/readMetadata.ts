import { type Address, type Hex, keccak256, stringToHex } from 'viem'
import { getContractEvents } from 'viem/actions'
import { toAbi } from '../../contracts/abiText.ts'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { type HostMetadata, parseMetadata } from '../../host/metadata.ts'
import type { ReadClient } from '../../types/client.ts'

/**
 * Metadata that hosts have published, by its hash: storage keeps the hash of the current one, events the text.
 * @param fromBlock The first block by default.
 */
export async function readMetadata(
  { client, contracts }: ReadClient,
  { nodes, fromBlock = 0n }: { nodes: readonly Address[]; fromBlock?: bigint | undefined },
): Promise<Map<Hex, HostMetadata>> {
  const range = { address: contracts.registry, fromBlock, strict: true } as const
  const args = { operator: [...nodes] }
  const [registered, updated] = await Promise.all([
    getContractEvents(client, { ...range, abi: toAbi(registry.NodeRegistered), args }),
    getContractEvents(client, { ...range, abi: toAbi(registry.MetadataUpdated), args }),
  ])
  const texts = [...registered, ...updated].map((log) => log.args.metadata)
  return new Map(texts.map((text) => [keccak256(stringToHex(text)), parseMetadata(text)]))
}

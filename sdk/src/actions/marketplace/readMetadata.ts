import { type Address, type Hex, keccak256, pad, stringToHex } from 'viem'
import { MetadataUpdated, NodeRegistered } from '../../contracts/generated/nodeRegistry.ts'
import { readLogs, topicOf } from '../../contracts/readLogs.ts'
import { type HostMetadata, parseMetadata } from '../../host/metadata.ts'
import type { ReadClient } from '../../types/client.ts'
import { parseEvent } from '../parseEvent.ts'

/**
 * Metadata that hosts have published, by its hash: storage keeps the hash of the current one, events the text.
 * @param fromBlock The first block by default.
 */
export async function readMetadata(
  { client, contracts }: ReadClient,
  { nodes, fromBlock = 0n }: { nodes: readonly Address[]; fromBlock?: bigint | undefined },
): Promise<Map<Hex, HostMetadata>> {
  const logs = await readLogs(client, {
    address: contracts.registry,
    topics: [[NodeRegistered, MetadataUpdated].map(topicOf), nodes.map((node) => pad(node))],
    fromBlock,
  })
  const texts = logs.flatMap(
    (log) => (parseEvent(log, NodeRegistered) ?? parseEvent(log, MetadataUpdated))?.metadata ?? [],
  )
  return new Map(texts.map((text) => [keccak256(stringToHex(text)), parseMetadata(text)]))
}

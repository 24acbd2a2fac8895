import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { HostMetadata } from '../../host/metadata.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'
import type { HostNode } from './getNode.ts'
import { readMetadata } from './readMetadata.ts'

export type FindHostsParameters = {
  /** Only hosts that serve this model. */
  model?: string | undefined
  /** Only hosts in this region. */
  region?: string | undefined
  /** Registered hosts to look at; 100 by default. */
  limit?: number | undefined
  /** Registered hosts to skip. */
  offset?: number | undefined
  /** Block from which events are searched for the metadata; the first one by default. */
  fromBlock?: bigint | undefined
}

export type FoundHost = HostNode & { metadata: HostMetadata }

/**
 * Active hosts that take new work, by model and region.
 * @example
 * const [host] = await findHosts(client, { model: 'llama-70b', region: 'us-west' })
 */
export async function findHosts(
  client: ReadClient,
  { model, region, ...page }: FindHostsParameters = {},
): Promise<FoundHost[]> {
  const hosts = await readHosts(client, page)
  return hosts.filter(
    ({ accepting, metadata }) =>
      accepting &&
      (model === undefined || metadata.models.includes(model)) &&
      (region === undefined || metadata.region === region),
  )
}

async function readHosts(
  client: ReadClient,
  { limit = 100, offset = 0, fromBlock }: FindHostsParameters,
): Promise<FoundHost[]> {
  const { registry: address } = client.contracts
  const page = [BigInt(offset), BigInt(limit)] as const
  const nodes = await readView(client, address, registry.getActiveNodes, page)
  if (nodes.length === 0) return []
  const [states, metadata] = await Promise.all([
    Promise.all(nodes.map((node) => readView(client, address, registry.getNode, [node]))),
    withTypedErrors(client, () => readMetadata(client, { nodes, fromBlock })),
  ])
  return states.flatMap(({ operator, metadataHash, ...state }) => {
    const published = metadata.get(metadataHash)
    return published ? [{ node: operator, ...state, metadata: published }] : []
  })
}

import { getHostTerms } from '../actions/host/getHostTerms.ts'
import { type FoundHost, findHosts } from '../actions/marketplace/findHosts.ts'
import { readView } from '../actions/readView.ts'
import { nodeCount } from '../contracts/generated/nodeRegistry.ts'
import { performance } from '../contracts/generated/reputationSystem.ts'
import type { ReadClient } from '../types/client.ts'
import type { Token } from '../units/amounts.ts'
import { type Duration, toSeconds } from '../units/duration.ts'
import { createMemo } from './memo.ts'
import type { SelectableNode } from './selectOptimalNode.ts'

export type HostDirectoryParameters = {
  /** How long what was read counts; '5m' by default. */
  ttl?: Duration | undefined
  /** Block from which events are searched for the metadata; the first one by default. */
  fromBlock?: bigint | undefined
  /**
   * Milliseconds of a round trip to a host, measured by you; 0 for all by default. The directory asks no host itself:
   * addresses in the registry are anybody's text.
   */
  latencyOf?: ((host: FoundHost) => Promise<number>) | undefined
  /** Clock in milliseconds; the system's by default. */
  now?: (() => number) | undefined
}

export type DiscoverParameters = {
  /** Name of a model: only hosts that serve it, at their prices for it. */
  model?: string | undefined
  /** Only hosts in this region. */
  region?: string | undefined
  /** Token of the prices; 'usdc' by default. */
  token?: Token | undefined
}

/** A host with all that choosing one takes. */
export type DiscoveredNode = FoundHost & SelectableNode

export type HostDirectory = {
  /**
   * Hosts that are active and take new work, with that model when one is named. One whose latency cannot be measured is
   * left out.
   */
  discover(parameters?: DiscoverParameters): Promise<DiscoveredNode[]>
  /** Reads everything anew the next time. */
  clear(): void
}

/** Registered hosts in one question. */
const page = 100

/**
 * Finds hosts in the registry, with their prices, reputation and latency, for {@link selectOptimalNode}. What was read
 * counts for five minutes; questions at the same time are asked once.
 * @example
 * const directory = createHostDirectory(client)
 * const nodes = await directory.discover({ model: 'llama-70b', token: 'usdc' })
 * const best = selectOptimalNode(nodes, { modelId: 'llama-70b', maxPrice: 500_000n })
 */
export function createHostDirectory(
  client: ReadClient,
  {
    ttl = '5m',
    fromBlock,
    latencyOf = async () => 0,
    now = Date.now,
  }: HostDirectoryParameters = {},
): HostDirectory {
  const memo = createMemo({ ttl: toSeconds(ttl) * 1000, now })
  const allHosts = () => memo.get('hosts', () => readAllHosts(client, fromBlock))
  const toNodes = async (
    host: FoundHost,
    { model, token }: { model: string | undefined; token: Token },
  ): Promise<DiscoveredNode[]> => {
    const [terms, { score }, latency] = await Promise.all([
      getHostTerms(client, { host: host.node, token, model }),
      readView(client, client.contracts.reputation, performance, [host.node]),
      latencyOf(host).catch(() => undefined),
    ])
    // Metadata is the host's own text. With a model that the host does not list, no session can be opened, and the
    // registry tells no price.
    if (!terms.accepting) return []
    return [
      {
        ...host,
        models: host.metadata.models,
        pricePer1000: terms.minimumPricePer1000.value,
        reputation: Number(score),
        latency: latency ?? Number.POSITIVE_INFINITY,
      },
    ]
  }
  return {
    async discover({ model, region, token = 'usdc' } = {}) {
      const nodes = await memo.get(JSON.stringify(['nodes', model, token]), async () => {
        const hosts = await allHosts()
        const serving = hosts.filter(
          ({ metadata }) => model === undefined || metadata.models.includes(model),
        )
        const found = await Promise.all(serving.map((host) => toNodes(host, { model, token })))
        return found.flat()
      })
      return nodes.filter(
        ({ metadata, latency }) =>
          latency < Number.POSITIVE_INFINITY &&
          (region === undefined || metadata.region === region),
      )
    },
    clear: memo.clear,
  }
}

async function readAllHosts(
  client: ReadClient,
  fromBlock: bigint | undefined,
): Promise<FoundHost[]> {
  const count = Number(await readView(client, client.contracts.registry, nodeCount, []))
  const offsets = Array.from({ length: Math.ceil(count / page) }, (_, index) => index * page)
  const pages = await Promise.all(
    offsets.map((offset) => findHosts(client, { offset, limit: page, fromBlock })),
  )
  // Who leaves between two pages moves another one: it must not be there twice.
  return [...new Map(pages.flat().map((host) => [host.node, host])).values()]
}

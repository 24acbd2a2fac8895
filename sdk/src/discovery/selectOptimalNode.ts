import type { Address } from 'viem'
import { NoSuitableNodeError, SelectionError } from '../errors/discovery.ts'

/** What choosing takes of a node. */
export type SelectableNode = {
  node: Address
  models: readonly string[]
  /** Milliseconds of a round trip; 0 where nobody measured. */
  latency: number
  /** Smallest unit of the token per 1,000 inference tokens. */
  pricePer1000: bigint
  /** Points of the reputation system, 0 to 1,000. */
  reputation: number
}

export type SelectionWeights = { price: number; latency: number; reputation: number }

export type SelectionCriteria = {
  /** Name of the model that the node has to serve. */
  modelId: string
  /** Milliseconds; any by default. */
  maxLatency?: number | undefined
  /** Smallest unit of the token per 1,000 inference tokens; any by default. */
  maxPrice?: bigint | undefined
  /** What counts how much; 50, 30 and 20 by default. */
  weights?: SelectionWeights | undefined
}

/** Best score of a part, and of the whole. */
const best = 10_000

const defaultWeights: SelectionWeights = { price: 50, latency: 30, reputation: 20 }

/**
 * The node with the highest score among those that serve the model within the bounds. A score has three parts of 0 to
 * 10,000, rounded down and weighted: `1 - price / highest price`, `1 - latency / highest latency` and
 * `reputation / 1,000`, the highest being the bound, or without one that of the eligible nodes. Of equal scores the
 * cheaper node comes first, then the faster one, then the one with the lower address: the same question has the same
 * answer everywhere.
 * @throws {NoSuitableNodeError} When no node fits.
 * @throws {SelectionError} When a number makes no sense.
 * @example
 * const { node } = selectOptimalNode(nodes, { modelId: 'llama-70b', maxLatency: 200, maxPrice: 500_000n })
 */
export function selectOptimalNode<node extends SelectableNode>(
  nodes: readonly node[],
  criteria: SelectionCriteria,
): node {
  const [first] = rankNodes(nodes, criteria)
  if (first) return first.node
  const { modelId } = criteria
  const reasons = nodes.map((node) => lackOf(node, criteria))
  const count = (reason: Lack) => reasons.filter((found) => found === reason).length
  throw new NoSuitableNodeError({
    modelId,
    considered: nodes.length,
    withoutModel: count('model'),
    tooSlow: count('latency'),
    tooExpensive: count('price'),
  })
}

/**
 * The nodes that fit with their scores, best first: as {@link selectOptimalNode} compares them.
 * @throws {SelectionError} When a number makes no sense.
 * @example
 * for (const { node, score } of rankNodes(nodes, { modelId: 'llama-70b' })) console.log(node.node, score)
 */
export function rankNodes<node extends SelectableNode>(
  nodes: readonly node[],
  criteria: SelectionCriteria,
): { node: node; score: number }[] {
  const { maxLatency, maxPrice, weights = defaultWeights } = criteria
  checkNumbers(nodes, weights)
  const eligible = nodes.filter((node) => lackOf(node, criteria) === undefined)
  const highest = {
    latency: maxLatency ?? Math.max(0, ...eligible.map(({ latency }) => latency)),
    price: maxPrice ?? highestOf(eligible.map(({ pricePer1000 }) => pricePer1000)),
  }
  return eligible
    .map((node) => ({ node, score: scoreOf(node, highest, weights) }))
    .toSorted((a, b) => b.score - a.score || compare(a.node, b.node))
}

type Lack = 'model' | 'latency' | 'price'

function lackOf(
  { models, latency, pricePer1000 }: SelectableNode,
  { modelId, maxLatency, maxPrice }: SelectionCriteria,
): Lack | undefined {
  if (!models.includes(modelId)) return 'model'
  if (maxLatency !== undefined && latency > maxLatency) return 'latency'
  return maxPrice !== undefined && pricePer1000 > maxPrice ? 'price' : undefined
}

function scoreOf(
  { latency, pricePer1000, reputation }: SelectableNode,
  highest: { latency: number; price: bigint },
  weights: SelectionWeights,
): number {
  const cheapness =
    highest.price === 0n
      ? best
      : Number(((highest.price - pricePer1000) * BigInt(best)) / highest.price)
  const speed =
    highest.latency === 0
      ? best
      : Math.floor(((highest.latency - latency) * best) / highest.latency)
  const standing = Math.floor((Math.min(reputation, 1000) * best) / 1000)
  const total = weights.price + weights.latency + weights.reputation
  const weighted =
    cheapness * weights.price + speed * weights.latency + standing * weights.reputation
  return Math.floor(weighted / total)
}

function compare(a: SelectableNode, b: SelectableNode): number {
  if (a.pricePer1000 !== b.pricePer1000) return a.pricePer1000 < b.pricePer1000 ? -1 : 1
  if (a.latency !== b.latency) return a.latency - b.latency
  return a.node.toLowerCase() < b.node.toLowerCase() ? -1 : 1
}

const highestOf = (prices: readonly bigint[]) =>
  prices.toSorted((one, other) => (one < other ? 1 : -1))[0] ?? 0n

/** What hosts say of themselves, and what was measured of them, must not turn the order into nonsense. */
function checkNumbers(nodes: readonly SelectableNode[], weights: SelectionWeights) {
  const parts = Object.entries(weights)
  const isSane = parts.every(([, weight]) => Number.isFinite(weight) && weight >= 0)
  if (!isSane || parts.every(([, weight]) => weight === 0))
    throw new SelectionError({
      field: 'weights',
      problem: `are ${parts.map(([name, weight]) => `${name} ${weight}`).join(', ')}, and not 0 or more with one above 0`,
    })
  for (const { node, latency, pricePer1000, reputation } of nodes) {
    const numbers = { latency, reputation, pricePer1000: Number(pricePer1000) }
    for (const [field, value] of Object.entries(numbers))
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
        throw new SelectionError({ field, problem: `of ${node} is ${value}, and not 0 or more` })
  }
}

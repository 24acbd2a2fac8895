import fc from 'fast-check'
import { type Address, numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { NoSuitableNodeError, SelectionError } from '../errors/discovery.ts'
import { rankNodes, type SelectableNode, selectOptimalNode } from './selectOptimalNode.ts'

const address = (name: number): Address => numberToHex(name, { size: 20 })
const node = (name: number, more: Partial<SelectableNode> = {}): SelectableNode => ({
  node: address(name),
  models: ['llama-70b'],
  latency: 100,
  pricePer1000: 500_000n,
  reputation: 100,
  ...more,
})
const bounds = { modelId: 'llama-70b', maxLatency: 200, maxPrice: 1_000_000n }

describe('the score', () => {
  // 50 % price, 30 % latency, 20 % reputation, each part of 10,000.
  test.each([
    { latency: 0, pricePer1000: 0n, reputation: 1000, score: 10_000 },
    { latency: 100, pricePer1000: 500_000n, reputation: 500, score: 5000 },
    { latency: 200, pricePer1000: 1_000_000n, reputation: 0, score: 0 },
    { latency: 50, pricePer1000: 250_000n, reputation: 100, score: 6200 },
    { latency: 67, pricePer1000: 333_333n, reputation: 999, score: 7326 },
    { latency: 200, pricePer1000: 1_000_000n, reputation: 5000, score: 2000 },
  ])('of $latency ms, $pricePer1000 and $reputation points is $score', ({ score, ...measures }) => {
    expect(rankNodes([node(1, measures)], bounds)).toMatchObject([{ score }])
  })

  test('without bounds is measured by the worst eligible node', () => {
    const ranked = rankNodes(
      [node(1, { latency: 40, pricePer1000: 100n }), node(2, { latency: 80, pricePer1000: 50n })],
      { modelId: 'llama-70b' },
    )
    expect(ranked.map(({ score }) => score)).toEqual([2700, 1700])
  })
})

describe('the choice', () => {
  test('leaves out who lacks the model, is too slow or too expensive', () => {
    const nodes = [
      node(1, { models: ['gpt-4'], pricePer1000: 1n }),
      node(2, { latency: 201, pricePer1000: 1n }),
      node(3, { pricePer1000: 1_000_001n }),
      node(4, { latency: 200, pricePer1000: 1_000_000n }),
    ]
    expect(selectOptimalNode(nodes, bounds).node).toBe(address(4))
  })

  test('names what every node lacks', () => {
    const nodes = [node(1, { models: [] }), node(2, { latency: 300 }), node(3, { latency: 300 })]
    expect(() => selectOptimalNode(nodes, bounds)).toThrow(NoSuitableNodeError)
    expect(() => selectOptimalNode(nodes, bounds)).toThrow(
      /1 do not serve the model, 2 are too slow, 0 too expensive/,
    )
  })

  test('does not depend on the order, and is never beaten', () => {
    const measures = fc.record({
      latency: fc.nat(250),
      pricePer1000: fc.bigInt(0n, 1_200_000n),
      reputation: fc.nat(1000),
    })
    fc.assert(
      fc.property(fc.array(measures, { minLength: 1, maxLength: 20 }), fc.nat(), (all, seed) => {
        const nodes = all.map((measure, index) => node(index + 1, measure))
        const shuffled = nodes.toSorted(
          (a, b) => ((seed + a.latency) % 7) - ((seed + b.latency) % 7),
        )
        const ranked = rankNodes(nodes, bounds)
        expect(rankNodes(shuffled, bounds)).toEqual(ranked)
        for (const { score } of ranked) {
          expect(score).toBeLessThanOrEqual(ranked[0]?.score ?? 0)
          expect(score).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  test('nonsense of a host or a caller is refused', () => {
    expect(() => selectOptimalNode([node(1, { latency: Number.NaN })], bounds)).toThrow(
      SelectionError,
    )
    expect(() => selectOptimalNode([node(1, { reputation: -1 })], bounds)).toThrow(/reputation/)
    const weights = { price: 0, latency: 0, reputation: 0 }
    expect(() => selectOptimalNode([node(1)], { ...bounds, weights })).toThrow(/weights/)
  })
})

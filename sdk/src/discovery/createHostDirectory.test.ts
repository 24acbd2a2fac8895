import { type Address, type Hex, keccak256, stringToHex, zeroHash } from 'viem'
import { expect, test } from 'vitest'
import { toModelId } from '../contracts/modelId.ts'
import { serializeMetadata } from '../host/metadata.ts'
import { chainWith, logOf } from '../testing/chain.ts'
import { testNode } from '../testing/node.ts'
import { createHostDirectory } from './createHostDirectory.ts'

/** A host that says one thing of itself and lists models in the registry, every model when there are none. */
type Host = { node: Address; says: readonly string[]; lists: readonly string[] }

const [honest, open, boasting] = [
  { node: '0x1100000000000000000000000000000000000011', says: ['llama'], lists: ['llama'] },
  { node: '0x2200000000000000000000000000000000000022', says: ['llama'], lists: [] },
  { node: '0x3300000000000000000000000000000000000033', says: ['llama', 'gpt'], lists: ['gpt'] },
] as const satisfies readonly Host[]

/** A registry with these hosts, at one price for all. */
function registryOf(hosts: readonly Host[]) {
  const textOf = ({ says }: Host) => serializeMetadata({ models: says })
  const find = (node: Address) => hosts.find((host) => host.node === node) ?? expect.fail(node)
  const views = chainWith({
    registry: {
      nodeCount: BigInt(hosts.length),
      getActiveNodes: hosts.map(({ node }) => node),
      modelsOf: (node: Address) => find(node).lists.map(toModelId),
      coveredClaims: 1n,
      getNode: (operator: Address) => ({
        operator,
        controller: operator,
        stake: 1n,
        unbonding: 0n,
        activeSince: 1,
        unbondingEndsAt: 0,
        obligations: 0,
        accepting: true,
        metadataHash: keccak256(stringToHex(textOf(find(operator)))),
        jailedUntil: 0,
        maxSessions: 0,
      }),
      sessionTerms(node: Address, model: Hex) {
        const { lists } = find(node)
        const serves =
          lists.length === 0 || model === zeroHash || lists.map(toModelId).includes(model)
        return serves ? [true, 0, 500n] : [false, 0, 0n]
      },
    },
    reputation: {
      performance: { score: 100n, completed: 0n, failed: 0n, ratings: 0n, averageRating: 0n },
    },
  })
  const registered = hosts.map((host) =>
    logOf('registry', 'NodeRegistered', {
      operator: host.node,
      controller: host.node,
      stake: 1n,
      metadata: textOf(host),
    }),
  )
  return testNode({
    head: 9,
    logs: { 3: registered },
    answer: (question, forward) =>
      question.method === 'eth_call' ? views.client.request(question as never) : forward(),
  })
}

test.each([
  { model: 'llama', found: [honest, open] },
  { model: 'gpt', found: [boasting] },
  { model: undefined, found: [honest, open, boasting] },
])(
  'for $model, only hosts that can be rented with it are found, at their price',
  async ({ model, found }) => {
    const directory = createHostDirectory(registryOf([honest, open, boasting]))
    const nodes = await directory.discover({ model })
    expect(nodes.map(({ node, pricePer1000 }) => [node, pricePer1000])).toEqual(
      found.map(({ node }) => [node, 500n]),
    )
  },
)

import { type Address, zeroAddress } from 'viem'
import { expect, test } from 'vitest'
import type { HostEntry } from '../monitor/indexHosts.ts'
import { exportHosts, leafOf } from './exportHosts.ts'
import { merkleTree } from './merkleTree.ts'

const now = 1_800_000_000
const address = (digit: string): Address => `0x${digit.repeat(40)}` as Address
const host = (fields: Partial<HostEntry> = {}): HostEntry => ({
  stake: 1_000n,
  unbonding: 0n,
  registered: true,
  accepting: true,
  metadata: 'gpu:a',
  controller: address('1'),
  jailedUntil: 0,
  score: 100,
  scoredAt: now,
  ...fields,
})

test('it takes what unbonds and who paid it along, decays scores, and sums are those of the hosts', () => {
  const hosts = new Map([
    [
      address('2'),
      host({
        stake: 0n,
        unbonding: 400n,
        registered: false,
        metadata: '',
        controller: address('9'),
      }),
    ],
    [address('1'), host({ scoredAt: now - 30 * 86_400 })],
    [address('3'), host({ stake: 0n, score: 0 })],
  ])
  const { hosts: exported, totals } = exportHosts({ hosts, registrations: [] }, now)
  expect(exported).toEqual([
    {
      operator: address('1'),
      controller: zeroAddress,
      stake: 1_000n,
      score: 95,
      metadata: 'gpu:a',
    },
    {
      operator: address('2'),
      controller: address('9'),
      stake: 400n,
      score: 100,
      metadata: 'migrated',
    },
  ])
  expect(totals).toEqual({ hosts: 2n, stake: 1_400n, score: 195n })
})

test.each([1, 2, 3, 5, 8])('a tree of %i leaves has a proof for each, and for no other', (size) => {
  const leaves = Array.from({ length: size }, (_, i) =>
    leafOf({
      operator: address(`${i}`),
      controller: zeroAddress,
      stake: BigInt(i),
      score: i,
      metadata: '',
    }),
  )
  const tree = merkleTree(leaves)
  for (const leaf of leaves) {
    const top = tree.proofOf(leaf).reduce((node, sibling) => {
      const pair = merkleTree([node, sibling])
      return pair.root
    }, leaf)
    expect(top).toBe(tree.root)
  }
  expect(() => tree.proofOf(`0x${'ff'.repeat(32)}`)).toThrow('is not a leaf')
})

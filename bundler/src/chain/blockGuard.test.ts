import { expect, test } from 'vitest'
import { testBlock } from '../testing/bundle.ts'
import { testHash } from '../testing/pooledOperation.ts'
import { isBehind } from './blockGuard.ts'

const head = testBlock(10)

test.each([
  { name: 'the head', blockNumber: 10, parentHash: head.parentHash, behind: false },
  { name: 'the block before', blockNumber: 9, parentHash: testBlock(9).parentHash, behind: true },
  { name: 'the next block', blockNumber: 11, parentHash: head.hash, behind: false },
  { name: 'a sibling of the head', blockNumber: 10, parentHash: testHash(1), behind: true },
  { name: 'a child of a sibling', blockNumber: 11, parentHash: testHash(1), behind: true },
  { name: 'a block further on', blockNumber: 12, parentHash: testHash(1), behind: false },
])('an answer from $name: behind $behind', ({ blockNumber, parentHash, behind }) => {
  expect(isBehind({ blockNumber, parentHash }, head)).toBe(behind)
})

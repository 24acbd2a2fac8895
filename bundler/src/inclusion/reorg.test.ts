import type { Hex } from 'viem'
import { expect, test } from 'vitest'
import type { Bundle } from '../types/bundle.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'
import { undoBlocks } from './reorg.ts'

const inclusion = (hash: Hex, blockHash: Hex, number: number): Inclusion => ({
  hash,
  transactionHash: '0xff',
  block: { number, hash: blockHash },
  success: true,
  receipt: {},
})

const bundle = (id: string, settledIn?: Bundle['settledIn']): Bundle => ({
  id,
  entryPoint: '0x00000000000000000000000000000000000000e0',
  executor: '0x00000000000000000000000000000000000000ee',
  nonce: 0,
  operations: [],
  transactions: [],
  createdAt: 0,
  sentAtBlock: 0,
  ...(settledIn && { settledIn }),
})

test('operations and bundles of a removed block come back, those of other blocks stay', () => {
  const effects = undoBlocks(
    [{ number: 11, hash: '0xb11a' }],
    [inclusion('0x01', '0xb11a', 11), inclusion('0x02', '0xb10a', 10)],
    [
      bundle('reorged', { number: 11, hash: '0xb11a' }),
      bundle('older', { number: 10, hash: '0xb10a' }),
      bundle('inFlight'),
    ],
  )
  expect(effects.updates).toEqual([{ type: 'reorged', hash: '0x01', blockHash: '0xb11a' }])
  expect(effects.revived).toEqual([bundle('reorged')])
})

test('a block of the same number and another hash is another block', () => {
  const removed = [{ number: 11, hash: '0xb11b' }] as const
  expect(undoBlocks(removed, [inclusion('0x01', '0xb11a', 11)], [])).toEqual({
    updates: [],
    revived: [],
  })
})

import { defaultEntryPoint } from '@fabstir/erc4337'
import { expect, test } from 'vitest'
import { testMempool, testReputation } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import { applyUpdates } from './applyUpdates.ts'

const entryPoint = defaultEntryPoint.address
const [account, paymaster] = [testAddress(1), testAddress(7)]

/** Counters of a staked account and a paymaster after an operation of both met with `updates`. */
function after(...updates: OperationUpdate[]) {
  const mempool = testMempool()
  const reputation = testReputation()
  for (const address of [account, paymaster]) {
    const past = { entryPoint, address, opsSeen: 5n, opsIncluded: 2n, hour: 0 }
    reputation.set([past])
  }
  mempool.restore(testPooled(1, { paymaster }, { record: { staked: ['account'] } }))
  applyUpdates({ mempool, reputation }, updates)
  const entries = reputation.entries(entryPoint)
  return {
    mempool,
    counters: entries.map(({ opsSeen, opsIncluded }) => `${opsSeen}/${opsIncluded}`),
  }
}

const hash = testHash(1)
const included = {
  type: 'included',
  hash,
  transactionHash: hash,
  blockNumber: 1,
  success: true,
} as const
const dropped = (rule: string) =>
  ({ type: 'dropped', hash, reason: { rule, message: '' } }) as const

test.each([
  { name: 'included', updates: [included], counters: ['5/3', '5/3'] },
  { name: 'included twice', updates: [included, included], counters: ['5/3', '5/3'] },
  {
    name: 'reorged',
    updates: [{ type: 'reorged', hash, blockHash: hash }],
    counters: ['5/1', '5/1'],
  },
  { name: 'dropped for the account', updates: [dropped('AA23')], counters: ['5/2', '4/2'] },
  {
    name: '[EREP-030] dropped for the paymaster',
    updates: [dropped('AA33')],
    counters: ['5/2', '4/2'],
  },
  { name: 'dropped for nobody', updates: [dropped('expired')], counters: ['5/2', '5/2'] },
  {
    name: '[GREP-040] failed in the bundle',
    updates: [{ ...dropped('AA33'), phase: 'bundleCreation' }],
    counters: ['10000/0', '4/2'],
  },
  {
    name: 'taken out by its paymaster',
    updates: [{ ...dropped('GREP-010'), outcast: paymaster }],
    counters: ['4/2', '5/2'],
  },
  {
    name: 'of a rule that names the entity',
    updates: [
      { type: 'dropped', hash, reason: { rule: 'OP-011', message: '', entity: 'account' } },
    ],
    counters: ['5/2', '4/2'],
  },
] satisfies { name: string; updates: OperationUpdate[]; counters: string[] }[])(
  '$name: seen/included of account and paymaster $counters',
  ({ updates, counters }) => {
    expect(after(...updates).counters).toEqual(counters)
  },
)

test('an update about an operation that left already changes nothing', () => {
  expect(after({ ...dropped('AA33'), hash: testHash(2) }).counters).toEqual(['5/2', '5/2'])
})

test('failed waits for the next block, submitted is on its way', () => {
  const reason = { rule: 'AA25', message: '' }
  expect(after({ type: 'failed', hash, reason }).mempool.get(hash)?.state).toBe('deferred')
  const submitted = { type: 'submitted', hash, transactionHash: hash } as const
  expect(after(submitted).mempool.get(hash)?.state).toBe('inFlight')
})

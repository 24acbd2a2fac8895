import { describe, expect, test } from 'vitest'
import type { Bundle } from '../types/bundle.ts'
import { settleBundles } from './trackBundles.ts'

const executor = '0x00000000000000000000000000000000000000ee'
const head = { number: 7, hash: '0xb7' } as const
const bundle = (fields: Partial<Bundle> = {}): Bundle => ({
  id: `${executor}:4`,
  entryPoint: '0x00000000000000000000000000000000000000e0',
  executor,
  nonce: 4,
  operations: ['0x01', '0x02'],
  transactions: [],
  createdAt: 0,
  sentAtBlock: 6,
  ...fields,
})

describe('settleBundles', () => {
  test.each([
    { next: 4, settled: 0 },
    { next: 5, settled: 1 },
    { next: 9, settled: 1 },
  ])('nonce 4 at transaction count $next: $settled settled', ({ next, settled }) => {
    const outcomes = settleBundles([bundle()], head, new Map([[executor, next]]), () => true)
    expect(outcomes).toHaveLength(settled)
  })

  test('without a transaction count nothing is known, so nothing is settled', () => {
    expect(settleBundles([bundle()], head, new Map(), () => true)).toEqual([])
  })

  test('operations without an event are left over', () => {
    const counts = new Map([[executor, 5]] as const)
    expect(settleBundles([bundle()], head, counts, (hash) => hash === '0x01')).toEqual([
      { bundle: bundle({ settledIn: head }), left: ['0x02'] },
    ])
  })

  test('a settled bundle is not settled again', () => {
    const settled = bundle({ settledIn: { number: 6, hash: '0xb6' } })
    expect(settleBundles([settled], head, new Map([[executor, 5]]), () => true)).toEqual([])
  })
})

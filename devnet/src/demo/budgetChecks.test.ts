import { describe, expect, test } from 'vitest'
import type { AppBudget } from '../report/demoReport.ts'
import { budgetChecks } from './budgetChecks.ts'

const budget = (fields: Partial<AppBudget> = {}): AppBudget => ({
  app: 'small',
  policyId: 'marketplace-small',
  window: 'month',
  resetsAt: 1_796_083_200,
  budget: 10n,
  free: 3n,
  reserved: 2n,
  settled: 5n,
  reported: 5n,
  operations: 2,
  charged: 5n,
  chargedOperations: 2,
  ...fields,
})

describe('budgetChecks', () => {
  const failed = (fields: Partial<AppBudget>) =>
    budgetChecks([budget(fields)]).flatMap(({ name, left, right }) => (left === right ? [] : name))

  test.each([
    { name: 'all of it is somewhere', fields: {}, expected: [] },
    {
      name: 'a wei of it is nowhere',
      fields: { free: 2n },
      expected: ['small: budget = free + reserved + settled (wei)'],
    },
    {
      name: 'the EntryPoints charged a wei more',
      fields: { charged: 6n },
      expected: ['small: settled = Σ actualGasCost (wei)'],
    },
    {
      name: 'the report misses an operation',
      fields: { reported: 2n, operations: 1 },
      expected: [
        'small: settled = usage report (wei)',
        'small: operations reported = on the chain',
      ],
    },
  ])('$name: $expected', ({ fields, expected }) => {
    expect(failed(fields)).toEqual(expected)
  })
})

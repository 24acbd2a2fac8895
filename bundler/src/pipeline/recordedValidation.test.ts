import { expect, test } from 'vitest'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { testDependencies } from '../testing/validationRecord.ts'
import { recordedValidation } from './recordedValidation.ts'

const validation = recordedValidation({ revalidate: () => Promise.reject(new Error('not asked')) })
const [address, slot] = [testAddress(1), testHash(7)]

/** An operation that depended on one slot, which held 1. */
const operation = testPooled(
  1,
  {},
  {
    validUntil: 500,
    record: {
      staked: [],
      dependencies: testDependencies({ slots: [{ address, slot, value: testHash(1) }] }),
    },
  },
)

test('a bundle is sent under the state in which it was found valid, not that of the admission', () => {
  const slots = new Map([[`${address}:${slot}`, testHash(2)]])
  expect(validation.conditions([operation], { slots })).toEqual({
    knownAccounts: { [address]: { [slot]: testHash(2) } },
    timestampMax: 500,
  })
})

test('without any known slot there is no condition', () => {
  expect(validation.conditions([operation], { slots: new Map() })).toBeUndefined()
})

import { zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import type { CurrentState } from '../../chain/stateProbe.ts'
import { testAddress, testHash } from '../../testing/pooledOperation.ts'
import { testDependencies } from '../../testing/validationRecord.ts'
import { changeSince } from './changes.ts'

const sender = testAddress(1)
const record = testDependencies()

/** The chain as the record found it, apart from `fields`. */
function state(
  fields: {
    value?: `0x${string}`
    codeHash?: `0x${string}`
    codeSize?: number
    balance?: bigint
  } = {},
): Pick<CurrentState, 'slots' | 'accounts'> {
  const { value = testHash(7), codeHash = testHash(8), codeSize = 1, balance = 2n ** 70n } = fields
  return {
    slots: new Map([[`${sender}:${testHash(1)}`, value]]),
    accounts: new Map([[sender, { codeHash, codeSize, balance }]]),
  }
}

describe('changeSince', () => {
  test('nothing, when all is as it was', () => {
    expect(changeSince(record, state())).toBeUndefined()
  })

  test('an operation without a record has to be validated again', () => {
    expect(changeSince(undefined, state())).toEqual({ kind: 'noRecord' })
  })

  test.each([
    { name: 'a slot', now: { value: testHash(6) }, kind: 'slot' },
    { name: 'code', now: { codeHash: testHash(9) }, kind: 'code' },
    { name: 'code that is gone', now: { codeSize: 0 }, kind: 'code' },
    { name: 'a balance below the payment', now: { balance: 2n ** 70n - 1n }, kind: 'payment' },
  ])('$name', ({ now, kind }) => {
    expect(changeSince(record, state(now))).toMatchObject({ kind, address: sender })
  })

  test('more than enough to pay is no change', () => {
    expect(changeSince(record, state({ balance: 2n ** 80n }))).toBeUndefined()
  })

  test('who read a balance is validated again: which one is not recorded', () => {
    expect(changeSince(testDependencies({ readsBalances: true }), state())).toEqual({
      kind: 'balance',
    })
  })

  test('a slot that the node did not tell is a change', () => {
    expect(changeSince(record, { ...state(), slots: new Map() })).toMatchObject({ kind: 'slot' })
  })

  test('no code, and still none', () => {
    const codes = [{ address: sender, codeHash: zeroHash }]
    expect(changeSince(testDependencies({ codes }), state({ codeSize: 0 }))).toBeUndefined()
  })
})

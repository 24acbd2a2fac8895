import { defaultEntryPoint } from '@fabstir/erc4337'
import { describe, expect, test } from 'vitest'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { createOperationHistory } from './operationHistory.ts'

const dropped = (n: number) =>
  ({ type: 'dropped', hash: testHash(n), reason: { rule: 'expired', message: 'late' } }) as const

function history(limits = { maxFinished: 2, maxSteps: 4 }) {
  const found = createOperationHistory(limits)
  return { ...found, admit: (n: number) => found.admitted(testPooled(n), n) }
}

describe('createOperationHistory', () => {
  test('an event names operation, sender and EntryPoint', () => {
    const { admit, record } = history()
    expect(admit(1)).toEqual([
      {
        userOpHash: testHash(1),
        sender: testAddress(1),
        entryPoint: defaultEntryPoint.address,
        status: 'pending',
      },
    ])
    const update = { hash: testHash(1), transactionHash: testHash(9) }
    expect(
      record(
        [
          { type: 'submitted', ...update },
          { type: 'included', ...update, blockNumber: 7, success: false },
          { type: 'reorged', hash: testHash(1), blockHash: testHash(8) },
        ],
        5,
      ),
    ).toMatchObject([
      { status: 'submitted', transactionHash: testHash(9) },
      { status: 'included', blockNumber: 7, success: false },
      { status: 'reorged', blockHash: testHash(8) },
    ])
  })

  test('an operation in the place of another one drops that', () => {
    const { admit, admitted } = history()
    admit(1)
    expect(admitted(testPooled(2), 3, testPooled(1))).toMatchObject([
      { userOpHash: testHash(1), status: 'dropped', reason: { rule: 'replaced' } },
      { userOpHash: testHash(2), status: 'pending' },
    ])
  })

  test('a failed bundle gives it back with the reason', () => {
    const { admit, record } = history()
    admit(1)
    const reason = { rule: 'AA33', message: 'reverted' }
    expect(record([{ type: 'failed', hash: testHash(1), reason }], 2)).toMatchObject([
      { status: 'pending', reason },
    ])
  })

  test('what is not known is no event', () => {
    expect(history().record([dropped(5)], 1)).toEqual([])
  })

  test('the longest finished are forgotten, pending ones never', () => {
    const { admit, record, find, size } = history()
    for (let n = 0; n < 50; n++) admit(n)
    for (let n = 0; n < 40; n++) record([dropped(n)], n)
    expect(size()).toBe(12)
    expect(find(testHash(37))).toBeUndefined()
    expect(find(testHash(39))?.steps).toHaveLength(2)
    expect(find(testHash(49))?.steps).toHaveLength(1)
  })

  test('of many steps the first and the latest are kept', () => {
    const { admit, record, find } = history()
    admit(1)
    for (let n = 0; n < 10; n++) {
      record([{ type: 'submitted', hash: testHash(1), transactionHash: testHash(n) }], 100 + n)
    }
    expect(find(testHash(1))?.steps.map(({ at }) => at)).toEqual([1, 107, 108, 109])
  })
})

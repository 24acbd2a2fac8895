import { expect, test } from 'vitest'
import { mergeStateOverrides } from './stateOverride.ts'

const account = '0x00000000000000000000000000000000000000aA'
const sameAccount = '0x00000000000000000000000000000000000000aa'
const other = '0x00000000000000000000000000000000000000bb'

test('mergeStateOverrides: later values count, in any letter case of the address', () => {
  expect(
    mergeStateOverrides(
      { [account]: { balance: '0x1', nonce: '0x1' } },
      { [sameAccount]: { balance: '0x2', code: '0x00' }, [other]: { balance: '0x3' } },
    ),
  ).toEqual({
    [sameAccount]: { balance: '0x2', nonce: '0x1', code: '0x00' },
    [other]: { balance: '0x3' },
  })
})

test('mergeStateOverrides: single slots add up', () => {
  expect(
    mergeStateOverrides(
      { [account]: { stateDiff: { '0x01': '0x0a', '0x02': '0x0b' } } },
      { [account]: { stateDiff: { '0x02': '0x0c' } } },
    ),
  ).toEqual({ [account]: { stateDiff: { '0x01': '0x0a', '0x02': '0x0c' } } })
})

test('mergeStateOverrides: single slots join a whole storage', () => {
  expect(
    mergeStateOverrides(
      { [account]: { state: { '0x01': '0x0a' } } },
      { [account]: { stateDiff: { '0x02': '0x0b' } } },
    ),
  ).toEqual({ [account]: { state: { '0x01': '0x0a', '0x02': '0x0b' } } })
})

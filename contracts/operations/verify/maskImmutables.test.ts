import { expect, test } from 'vitest'
import { maskImmutables } from './maskImmutables.ts'

test('it blanks what the constructor filled in, and nothing beside it', () => {
  const references = { 7: [{ start: 1, length: 2 }], 9: [{ start: 4, length: 1 }] }
  expect(maskImmutables('0xaabbccddeeff', references)).toBe('0xaa0000dd00ff')
})

test('code without immutables stays as it is', () => {
  expect(maskImmutables('0xaabb', {})).toBe('0xaabb')
})

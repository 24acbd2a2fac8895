import { expect, test } from 'vitest'
import { canonicalJson } from './canonicalJson.ts'

test('it sorts members at every depth and leaves out what is undefined', () => {
  const value = { b: [{ y: 1, x: null }], a: 'é"', c: undefined, A: true }
  expect(canonicalJson(value)).toBe('{"A":true,"a":"é\\"","b":[{"x":null,"y":1}]}')
})

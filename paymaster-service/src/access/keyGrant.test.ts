import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { KeyGrant } from './keyGrant.ts'
import { checkKey, keyScopeFields, policiesOfKey } from './keyGrant.ts'

const use = { method: 'pm_getPaymasterData', origin: undefined, now: 1_000 }

describe('checkKey', () => {
  const origins = ['https://app.example']
  test.each<{
    grant: KeyGrant
    given?: Partial<typeof use> | { origin: string }
    rule: string | undefined
  }>([
    { grant: {}, rule: undefined },
    { grant: { revokedAt: 2_000 }, rule: 'key.revoked' },
    { grant: { expiresAt: 1_001 }, rule: undefined },
    { grant: { expiresAt: 1_000 }, rule: 'key.expired' },
    { grant: { appDisabled: true }, rule: 'key.app-disabled' },
    { grant: { methods: ['pm_getPaymasterData'] }, rule: undefined },
    { grant: { methods: ['pm_getPaymasterStubData'] }, rule: 'key.method' },
    { grant: { origins }, rule: 'key.origin' },
    { grant: { origins }, given: { origin: 'https://app.example' }, rule: undefined },
    { grant: { origins }, given: { origin: 'https://app.example.evil' }, rule: 'key.origin' },
    { grant: { origins }, given: { origin: 'http://app.example' }, rule: 'key.origin' },
    { grant: { origins }, given: { origin: 'null' }, rule: 'key.origin' },
  ])('$grant with $given: $rule', ({ grant, given, rule }) => {
    expect(checkKey(grant, { ...use, ...given })?.rule).toBe(rule)
  })
})

test('policiesOfKey: what the app lost, its keys lost; the order is the app’s', () => {
  expect(policiesOfKey(['a', 'b', 'c'], {})).toEqual(['a', 'b', 'c'])
  expect(policiesOfKey(['a', 'b', 'c'], { policies: ['c', 'a', 'gone'] })).toEqual(['a', 'c'])
})

test.each([
  { origins: ['https://app.example/'], valid: false },
  { origins: ['https://app.example/path'], valid: false },
  { origins: ['*'], valid: false },
  { origins: ['https://app.example'], valid: true },
  { origins: ['http://localhost:3000'], valid: true },
  { origins: [], valid: false },
])('origins $origins: valid is $valid', ({ origins, valid }) => {
  expect(z.object(keyScopeFields).safeParse({ origins }).success).toBe(valid)
})

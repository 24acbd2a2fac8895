import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hashApiKey, idOfApiKey, matchesHash, newApiKey } from './apiKey.ts'

describe('newApiKey', () => {
  test('a key holds its id and 256 bits, and its hash is all that is stored', () => {
    const { id, key, hash } = newApiKey((size) => new Uint8Array(size).fill(0xab))
    expect(key).toBe(`fpk_${'ab'.repeat(8)}_${Buffer.alloc(32, 0xab).toString('base64url')}`)
    expect(id).toBe('ab'.repeat(8))
    expect(hash).toBe(hashApiKey(key))
    expect(idOfApiKey(key)).toBe(id)
  })

  test('any secret is found by its id', () => {
    for (let index = 0; index < 200; index++) {
      const { id, key } = newApiKey(randomBytes)
      expect(idOfApiKey(key)).toBe(id)
    }
  })
})

test.each([
  '',
  'fpk_',
  'fpk_0011',
  `fpk_${'0'.repeat(16)}_short`,
  `FPK_${'0'.repeat(16)}_${'a'.repeat(43)}`,
])('idOfApiKey: %j was not issued here', (key) => expect(idOfApiKey(key)).toBeUndefined())

test('matchesHash: only the key itself, whole', () => {
  const { key, hash } = newApiKey(randomBytes)
  expect(matchesHash(key, hash)).toBe(true)
  expect(matchesHash(`${key.slice(0, -2)}${key.endsWith('AA') ? 'BB' : 'AA'}`, hash)).toBe(false)
  expect(matchesHash(key, hash.slice(0, 32))).toBe(false)
  expect(matchesHash(key, '')).toBe(false)
  expect(matchesHash(hash, hash)).toBe(false)
})

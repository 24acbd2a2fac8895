import { describe, expect, test } from 'vitest'
import { optionNames } from './options.ts'
import { isSecret, secretsOf } from './secrets.ts'

describe('isSecret', () => {
  test('every option with a key, a mnemonic or a URL is one', () => {
    const suspicious = optionNames.filter((name) =>
      /key|mnemonic|secret|password|token|url|endpoint/i.test(name),
    )
    expect(suspicious.length).toBeGreaterThanOrEqual(4)
    expect(suspicious.filter((name) => !isSecret(name))).toEqual([])
  })
})

describe('secretsOf', () => {
  test('keys with and without 0x, longest first', () => {
    const key = `0x${'1f'.repeat(32)}` as const
    expect(secretsOf({ executorPrivateKeys: [key], host: '127.0.0.1' })).toEqual([
      key,
      key.slice(2),
    ])
  })

  test('of a URL what a key can hide in, but not where it leads', () => {
    const rpcUrl = 'https://node.example/v2/abcdefgh1234'
    const secrets = secretsOf({ rpcUrl })
    expect(secrets).toContain('abcdefgh1234')
    expect(secrets.some((secret) => 'https://node.example/'.includes(secret))).toBe(false)
    expect(secretsOf({ rpcUrl: 'http://127.0.0.1:8545' })).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import type { KeyScope } from '../access/keyGrant.ts'
import { call, key, params, setUp } from '../testing/rpcServer.ts'

describe('scopes of a key', () => {
  const rpcCode = async (
    answer: Promise<{ json(): { error?: { code: number; data: unknown } } }>,
  ) => {
    const { error } = (await answer).json()
    return error && { code: error.code, data: error.data }
  }

  test.each<{ scope: KeyScope; method?: string; rule: string | undefined }>([
    { scope: { methods: ['pm_getPaymasterData'] }, rule: undefined },
    { scope: { methods: ['pm_getPaymasterStubData'] }, rule: 'key.method' },
    { scope: { expiresAt: 1_700_000_001 }, rule: undefined },
    { scope: { expiresAt: 1_700_000_000 }, rule: 'key.expired' },
    { scope: { origins: ['https://app.example'] }, rule: 'key.origin' },
  ])('$scope: $rule', async ({ scope, rule }) => {
    const { post } = await setUp({ scope })
    const error = await rpcCode(post(call(params())))
    expect(error).toEqual(rule && { code: -32_011, data: { rule } })
  })

  test('each request of a batch counts, and a batch that is too much is refused whole', async () => {
    const { post } = await setUp({ scope: { rate: { requests: 3, seconds: 16 } } })
    const batch = (length: number) => Array.from({ length }, () => call(params()))
    const codes = async (length: number) =>
      (await post(batch(length)))
        .json()
        .map(({ error }: { error?: { code: number } }) => error?.code)
    expect(await codes(4)).toEqual([-32_005, -32_005, -32_005, -32_005])
    expect(await codes(2)).toEqual([undefined, undefined])
    expect(await rpcCode(post(call(params())))).toBeUndefined()
    expect(await rpcCode(post(call(params())))).toEqual({
      code: -32_005,
      data: { rule: 'key.rate', retryAfterMs: 17_000 },
    })
  })

  test('GET /usage is of the scope of pm_getUsage, and of the rate', async () => {
    const get = async (scope: KeyScope) => {
      const { server } = await setUp({ scope })
      const headers = { authorization: `Bearer ${key}` }
      return (await server.inject({ method: 'GET', url: '/usage', headers })).statusCode
    }
    expect(await get({ methods: ['pm_getUsage'] })).toBe(200)
    expect(await get({ methods: ['pm_getPaymasterData'] })).toBe(401)
  })
})

import { entryPointAdapters } from '@fabstir/erc4337'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import { hashApiKey } from './limits/apiKeys.ts'
import type { AccessOptions } from './limits/identify.ts'
import { ownMethods } from './methods/own.ts'
import { startTestServer } from './testing/testServer.ts'

const [, entryPoint07] = entryPointAdapters
if (!entryPoint07) throw new Error('no EntryPoint 0.7')

const admitBoosted = vi.fn(async () => testHash(2))
const drop = vi.fn(async () => true)
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.clearAllMocks()
  for (const close of closers.splice(0)) await close()
})

async function serve(access: Partial<AccessOptions> = {}) {
  const { app, url } = await startTestServer(
    {
      eth_chainId: async () => '0x1',
      ...ownMethods({
        entryPoints: entryPointAdapters,
        explain: async () => ({ stage: 'waiting', numbers: { maxFeePerGas: 255n } }),
        drop,
        admitBoosted,
        boostSenders: new Set([testAddress(7)]),
      }),
    },
    { access: { apiKeys: new Map(), now: () => 0, ...access } },
  )
  closers.push(() => app.close())
  return async (body: unknown, headers: Record<string, string> = {}, path = '/') => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { response, body: (await response.json()) as unknown }
  }
}

const request = (method: string, params: unknown[] = []) => ({
  jsonrpc: '2.0',
  id: 1,
  method,
  params,
})
const chainId = request('eth_chainId')

const keys = {
  plain: 'plain-key-012345678',
  boost: 'boost-key-012345678',
}
const apiKeys = new Map([
  [hashApiKey(keys.plain), { name: 'plain', boost: false, rate: { perSecond: 2, burst: 4 } }],
  [hashApiKey(keys.boost), { name: 'boost', boost: true }],
])

describe('API keys', () => {
  test('without one the answer is 401 and says where a key goes; the key is never shown', async () => {
    const post = await serve({ apiKeys })
    for (const { response, body } of [
      await post(chainId),
      await post(chainId, { 'x-api-key': 'wrong-secret-value' }),
      await post(chainId, {}, '/v1/wrong-secret-value/rpc'),
    ]) {
      expect(response.status).toBe(401)
      expect(body).toMatchObject({ error: { code: -32011 } })
      expect(JSON.stringify(body)).toContain('x-api-key')
      expect(JSON.stringify(body)).not.toContain('wrong-secret-value')
    }
  })

  test('header, bearer token and path are as good as each other', async () => {
    const post = await serve({ apiKeys })
    for (const { body } of [
      await post(chainId, { 'x-api-key': keys.boost }),
      await post(chainId, { authorization: `Bearer ${keys.boost}` }),
      await post(chainId, {}, `/v1/${keys.boost}/rpc`),
    ]) {
      expect(body).toMatchObject({ result: '0x1' })
    }
  })
})

describe('rate limits', () => {
  test('each request of a batch counts; refused is 429 with when to come back', async () => {
    const post = await serve({ apiKeys })
    const as = { 'x-api-key': keys.plain }
    expect((await post([chainId, chainId, chainId], as)).response.status).toBe(200)
    const { response, body } = await post([chainId, chainId], as)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(body).toMatchObject({
      error: {
        code: -32005,
        data: { rule: 'rateLimit', requests: 2, perSecond: 2, burst: 4, retryAfterMs: 500 },
      },
    })
    // The last token is still there, and the other key has nothing to do with it.
    expect((await post(chainId, as)).response.status).toBe(200)
    expect((await post(chainId, { 'x-api-key': keys.boost })).response.status).toBe(200)
  })

  test('without keys an address has a limit, whatever key it claims', async () => {
    const post = await serve({ anonymousRate: { perSecond: 1, burst: 1 } })
    expect((await post(chainId)).response.status).toBe(200)
    expect((await post(chainId, { 'x-api-key': keys.boost })).response.status).toBe(429)
  })

  test('a batch that is larger than a burst is told that it never passes', async () => {
    const post = await serve({ anonymousRate: { perSecond: 1, burst: 1 } })
    const { response, body } = await post([chainId, chainId])
    expect(response.headers.get('retry-after')).toBeNull()
    expect(body).toMatchObject({ error: { data: { retryAfterMs: null } } })
  })
})

describe('boost_sendUserOperation', () => {
  const free = {
    sender: testAddress(1),
    nonce: '0x0',
    callData: '0x',
    callGasLimit: '0x1',
    verificationGasLimit: '0x1',
    preVerificationGas: '0x1',
    maxFeePerGas: '0x0',
    maxPriorityFeePerGas: '0x0',
    signature: '0x',
  }
  const boost = (op: object) => request('boost_sendUserOperation', [op, entryPoint07.address])

  test.each([
    { who: 'a key that may', headers: { 'x-api-key': keys.boost }, sender: testAddress(1) },
    { who: 'a sender that may', headers: { 'x-api-key': keys.plain }, sender: testAddress(7) },
  ])('$who sends without fees', async ({ headers, sender }) => {
    const post = await serve({ apiKeys })
    expect((await post(boost({ ...free, sender }), headers)).body).toMatchObject({
      result: testHash(2),
    })
  })

  test('others may not, and nobody may with fees', async () => {
    const post = await serve({ apiKeys })
    expect((await post(boost(free), { 'x-api-key': keys.plain })).body).toMatchObject({
      error: { code: -32602, data: { rule: 'boost', sender: testAddress(1) } },
    })
    const paid = { ...free, maxPriorityFeePerGas: '0x1', maxFeePerGas: '0x1' }
    expect((await post(boost(paid), { 'x-api-key': keys.boost })).body).toMatchObject({
      error: { code: -32602, data: { field: 'userOperation.maxFeePerGas', value: '"0x1"' } },
    })
    expect(admitBoosted).not.toHaveBeenCalled()
  })
})

describe('bundler_*', () => {
  test('bundler_explainUserOperation: amounts are hex', async () => {
    const post = await serve()
    expect((await post(request('bundler_explainUserOperation', [testHash(1)]))).body).toMatchObject(
      {
        result: { stage: 'waiting', numbers: { maxFeePerGas: '0xff' } },
      },
    )
  })

  test('bundler_dropUserOperation takes hash, deadline and signature', async () => {
    const post = await serve()
    const params = [testHash(1), '0x64', '0x1234']
    expect((await post(request('bundler_dropUserOperation', params))).body).toMatchObject({
      result: true,
    })
    expect(drop).toHaveBeenCalledWith({
      userOpHash: testHash(1),
      deadline: 100n,
      signature: '0x1234',
    })
  })

  test.each([
    { params: [testHash(1), '0x64'], field: 'params' },
    { params: [testHash(1), 100, '0x'], field: 'deadline' },
    { params: [testHash(1), '0x64', '0x123'], field: 'signature' },
    { params: ['0x1', '0x64', '0x'], field: 'userOpHash' },
  ])('bundler_dropUserOperation $params: -32602 naming $field', async ({ params, field }) => {
    const post = await serve()
    expect((await post(request('bundler_dropUserOperation', params))).body).toMatchObject({
      error: { code: -32602, data: { field } },
    })
    expect(drop).not.toHaveBeenCalled()
  })
})

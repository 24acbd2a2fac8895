import { expect, test } from 'vitest'
import { hashApiKey } from '../access/apiKey.ts'
import { createRequestCounter } from '../gate/requestCounter.ts'
import { createIdentify } from './identify.ts'

const rate = { requests: 1, seconds: 60 }

function setUp() {
  const app = { name: 'shop', policyIds: ['a', 'b'], scope: { rate } }
  const stored = {
    ...{ id: 'f00d', hash: hashApiKey('three'), app: 'shop', policies: ['a', 'b'] },
    grant: { policies: ['b'], rate },
  }
  const identify = createIdentify({
    configured: new Map(['one', 'two'].map((key) => [hashApiKey(key), app])),
    stored: { find: async (key) => (key === 'three' ? stored : undefined) },
    counting: { count: createRequestCounter(), now: () => 5 },
    clock: () => 1_700_000_000,
  })
  return (key: string, origin?: string) =>
    identify({ headers: { authorization: `Bearer ${key}`, origin }, query: {} })
}

test('requests are counted by key, also where an app has several', async () => {
  const identify = setUp()
  const callers = await Promise.all(['one', 'two', 'three'].map((key) => identify(key)))
  expect(new Set(callers.map((caller) => caller?.app.rateKey)).size).toBe(3)
  for (const caller of callers) {
    expect(await caller?.charge(1)).toBeUndefined()
    expect(await caller?.charge(1)).toMatchObject({ retryAfterMs: 63_000 })
    expect(await caller?.charge(2)).toMatchObject({ retryAfterMs: null })
  }
  expect((await (await identify('one'))?.charge(1))?.message).toMatch(/^key\.rate: 1 of 1 requests/)
})

test('a key of the store has an id and its own policies, one of the configuration those of its app', async () => {
  const identify = setUp()
  expect((await identify('three', 'https://shop.example'))?.app).toEqual({
    name: 'shop',
    policyIds: ['b'],
    keyId: 'f00d',
    rateKey: 'f00d',
    origin: 'https://shop.example',
  })
  expect((await identify('one'))?.app).toMatchObject({ name: 'shop', policyIds: ['a', 'b'] })
  expect((await identify('one'))?.app.keyId).toBeUndefined()
  expect(await identify('four')).toBeUndefined()
})

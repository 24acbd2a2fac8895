import { describe, expect, test } from 'vitest'
import { hashApiKey } from './apiKeys.ts'
import { createIdentify } from './identify.ts'
import { callerOfAddress, createRateLimits } from './rateLimits.ts'

const rate = { perSecond: 1, burst: 2 }

describe('createRateLimits', () => {
  test('each caller has a bucket of its own', () => {
    const charge = createRateLimits({ now: () => 0 })
    expect(charge('a', rate, 2)).toBeUndefined()
    expect(charge('a', rate, 1)).toEqual({ rate, requests: 1, waitMs: 1_000 })
    expect(charge('b', rate, 2)).toBeUndefined()
  })

  test('a crowd of callers does not grow it without end, and one that keeps asking stays known', () => {
    const charge = createRateLimits({ now: () => 0, maxCallers: 3 })
    charge('greedy', rate, 2)
    for (let n = 0; n < 100; n++) {
      charge(`other ${n}`, rate, 1)
      expect(charge('greedy', rate, 1)?.waitMs).toBe(1_000)
    }
  })
})

test.each([
  { address: '10.0.0.7', caller: '10.0.0.7' },
  { address: '::ffff:10.0.0.7', caller: '10.0.0.7' },
  { address: '2001:db8:1:2:3:4:5:6', caller: '2001:db8:1:2::/64' },
  { address: '2001:db8:1:2::9', caller: '2001:db8:1:2::/64' },
  { address: '2001:db8::9', caller: '2001:db8:0:0::/64' },
  { address: '::1', caller: '0:0:0:0::/64' },
])('callerOfAddress $address is $caller', ({ address, caller }) => {
  expect(callerOfAddress(address)).toBe(caller)
})

describe('createIdentify', () => {
  const key = 'demo-key-0123456789'
  const holder = { name: 'demo', rate, boost: true }
  const withKeys = createIdentify({ apiKeys: new Map([[hashApiKey(key), holder]]), now: () => 0 })
  const from = (headers: Record<string, string>, pathKey?: string) => ({
    headers,
    pathKey,
    ip: '127.0.0.1',
  })

  test.each([
    { name: 'x-api-key', request: from({ 'x-api-key': key }) },
    { name: 'a bearer token', request: from({ authorization: `Bearer ${key}` }) },
    { name: 'the path', request: from({}, key) },
  ])('the key is taken from $name', ({ request }) => {
    expect(withKeys(request)?.boost).toBe(true)
  })

  test.each([
    { name: 'no key', request: from({}) },
    { name: 'an unknown key', request: from({ 'x-api-key': `${key}x` }) },
    { name: 'a good key behind a wrong header', request: from({ 'x-api-key': 'wrong' }, key) },
    { name: 'basic authorization', request: from({ authorization: `Basic ${key}` }) },
    { name: 'its hash', request: from({ 'x-api-key': hashApiKey(key) }) },
  ])('$name is nobody', ({ request }) => {
    expect(withKeys(request)).toBeUndefined()
  })

  test('all ways of one key share its limit', () => {
    expect(withKeys(from({ 'x-api-key': key }))?.charge(2)).toBeUndefined()
    expect(withKeys(from({}, key))?.charge(1)).toMatchObject({ waitMs: 1_000 })
  })

  test('without keys everybody may ask, within the limit of an address', () => {
    const open = createIdentify({ apiKeys: new Map(), anonymousRate: rate, now: () => 0 })
    expect(open(from({}))?.boost).toBe(false)
    expect(open(from({}))?.charge(2)).toBeUndefined()
    expect(open(from({}))?.charge(1)).toMatchObject({ waitMs: 1_000 })
    // A key in the path that nobody gave out is a mistake, not an anonymous caller.
    expect(open(from({}, 'some-key'))).toBeUndefined()
  })
})

import { expect, test } from 'vitest'
import type { CountedRate } from './requestCounter.ts'
import { createRequestCounter } from './requestCounter.ts'

const rate = { requests: 3, seconds: 16 }
const keyRate = (subject = 'a'): CountedRate => ({ rule: 'key.rate', rate, subject })

test('requests that come at once are taken all or not at all', () => {
  const count = createRequestCounter()
  const now = 0
  expect(count([keyRate()], { now, requests: 2 })).toBeUndefined()
  expect(count([keyRate()], { now, requests: 2 })).toMatchObject({
    rule: 'key.rate',
    remaining: 1n,
    resetsAt: 17,
  })
  expect(count([keyRate()], { now, requests: 1 })).toBeUndefined()
  expect(count([keyRate('b')], { now, requests: 3 })).toBeUndefined()
  expect(count([keyRate()], { now: 16.9 })?.rule).toBe('key.rate')
  expect(count([keyRate()], { now: 17, requests: 3 })).toBeUndefined()
})

test('more than a window has are never allowed, and take nothing', () => {
  const count = createRequestCounter()
  expect(count([keyRate()], { now: 0, requests: 4 })).toMatchObject({
    message: 'key.rate: 0 of 3 requests in 16 seconds have been made, and 4 more came',
    resetsAt: null,
  })
  expect(count([keyRate()], { now: 0, requests: 3 })).toBeUndefined()
})

test('what one rate refuses is not counted by another, and what is only asked by none', () => {
  const count = createRequestCounter()
  const rates: CountedRate[] = [
    { rule: 'rate.key', rate, subject: 'key' },
    { rule: 'rate.user', rate: { requests: 1, seconds: 16 }, subject: 'sender' },
  ]
  for (let index = 0; index < 5; index++)
    expect(count(rates, { now: 0, counts: false })).toBeUndefined()
  expect(count(rates, { now: 0 })).toBeUndefined()
  for (let index = 0; index < 5; index++) expect(count(rates, { now: 0 })?.rule).toBe('rate.user')
  expect(count(rates.slice(0, 1), { now: 0, requests: 2 })).toBeUndefined()
})

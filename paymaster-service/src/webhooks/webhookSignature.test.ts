import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signWebhook, verifyWebhook, webhookSecret } from './webhookSignature.ts'

const secret = webhookSecret('k'.repeat(32), 'wh_1')
const header = signWebhook(secret, 1_000, '{"a":1}')

test('signWebhook: HMAC-SHA256 over time and body', () => {
  const expected = createHmac('sha256', secret).update('1000.{"a":1}').digest('hex')
  expect(header).toBe(`t=1000,v1=${expected}`)
})

describe('verifyWebhook', () => {
  test.each([
    { what: 'itself', given: {}, ok: true },
    { what: 'five minutes later', given: { now: 1_300 }, ok: true },
    { what: 'a second after that', given: { now: 1_301 }, ok: false },
    { what: 'a clock that is behind by more', given: { now: 699 }, ok: false },
    { what: 'another body', given: { body: '{"a":2}' }, ok: false },
    { what: 'another time', given: { header: header.replace('t=1000', 't=1001') }, ok: false },
    { what: 'no signature', given: { header: 't=1000' }, ok: false },
    { what: 'a short signature', given: { header: 't=1000,v1=ab' }, ok: false },
  ])('$what: $ok', ({ given, ok }) => {
    expect(verifyWebhook(secret, { header, body: '{"a":1}', now: 1_000, ...given })).toBe(ok)
  })

  test('another webhook and another service have other secrets', () => {
    for (const other of [
      webhookSecret('k'.repeat(32), 'wh_2'),
      webhookSecret('j'.repeat(32), 'wh_1'),
    ])
      expect(verifyWebhook(other, { header, body: '{"a":1}', now: 1_000 })).toBe(false)
  })
})

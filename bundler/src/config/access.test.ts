import { describe, expect, test } from 'vitest'
import { apiKey, rate } from './access.ts'

test.each([
  { text: '50', parsed: { perSecond: 50, burst: 50 } },
  { text: '50/200', parsed: { perSecond: 50, burst: 200 } },
  { text: 7, parsed: { perSecond: 7, burst: 7 } },
])('rate $text', ({ text, parsed }) => {
  expect(rate.parse(text)).toEqual(parsed)
})

test.each(['0', '-1', '1/0', '5/', 'x', '1e9', '1.5'])('rate %s is refused', (text) => {
  expect(rate.safeParse(text).success).toBe(false)
})

describe('apiKey', () => {
  const key = 'k'.repeat(16)
  test.each([
    { text: `app:${key}`, parsed: { name: 'app', key, boost: false } },
    { text: `app:${key}:boost`, parsed: { name: 'app', key, boost: true } },
    { text: `app:${key}:0:boost`, parsed: { name: 'app', key, boost: true } },
    {
      text: `app:${key}:5/9`,
      parsed: { name: 'app', key, boost: false, rate: { perSecond: 5, burst: 9 } },
    },
  ])('$text', ({ text, parsed }) => {
    expect(apiKey.parse(text)).toEqual(parsed)
  })

  test.each(['app', `app:${'k'.repeat(15)}`, `:${key}`, `app:${key}:5/`, `app:${key}:root`])(
    '%s is refused without being shown',
    (text) => {
      const { error } = apiKey.safeParse(text)
      expect(error?.issues[0]?.message).toContain('must be NAME:KEY')
      expect(error?.issues[0]?.message).not.toContain('kkkk')
    },
  )
})

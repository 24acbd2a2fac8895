import { describe, expect, test } from 'vitest'
import { testPolicy } from '../testing/fixtures.ts'
import { capsSchema, needsPrice, readCaps, readMicroUsd } from './capsDocument.ts'
import { parsePolicy } from './policy.ts'

describe('caps of a policy document', () => {
  test('one cap, or one for each window, in wei, USD and count', () => {
    const read = readCaps(
      capsSchema.parse({
        global: { wei: '5', window: 'never' },
        user: [
          { window: 'day', usd: '0.5', count: 3 },
          { window: 'month', usd: '10' },
        ],
        operation: { usd: '0.000001', count: 4 },
      }),
    )
    expect(read).toEqual({
      global: [{ window: 'never', wei: 5n, microUsd: undefined, count: undefined }],
      user: [
        { window: 'day', wei: undefined, microUsd: 500_000n, count: 3 },
        { window: 'month', wei: undefined, microUsd: 10_000_000n, count: undefined },
      ],
      operation: { wei: undefined, microUsd: 1n, count: 4 },
    })
  })

  test.each([
    { caps: {}, message: 'caps.global: ' },
    {
      caps: { global: { window: 'never' } },
      message: 'caps.global: expected at least one of wei, usd and count',
    },
    { caps: { global: [] }, message: 'caps.global: ' },
    { caps: { global: { window: 'year', wei: '1' } }, message: 'caps.global.window: ' },
    {
      caps: { global: { window: 'day', wei: '1' }, user: [{ window: 'day', usd: '1.0000001' }] },
      message: 'caps.user.0.usd: expected US dollars as a decimal string with at most 6 decimals',
    },
    { caps: { global: { window: 'day', usd: '01' } }, message: 'caps.global.usd' },
    { caps: { global: { window: 'day', usd: 1 } }, message: 'caps.global.usd' },
    {
      caps: { global: { window: 'day', wei: '-1' } },
      message: 'caps.global.wei: expected wei as a decimal string',
    },
    { caps: { global: { window: 'day', count: 1.5 } }, message: 'caps.global.count' },
    {
      caps: {
        global: [
          { window: 'day', count: 1 },
          { window: 'day', wei: '1' },
        ],
      },
      message: 'caps.global: expected one cap for each window',
    },
    { caps: { global: { window: 'day', count: 1, euro: '1' } }, message: 'euro' },
    {
      caps: { global: { window: 'day', count: 1 }, operation: {} },
      message: 'caps.operation: expected at least one of wei, usd and count',
    },
  ])('$caps is refused: $message', ({ caps, message }) => {
    expect(() => parsePolicy({ ...testPolicy(), caps })).toThrow(message)
  })

  test('a price is needed for USD anywhere', () => {
    const global = { window: 'day', wei: '1' } as const
    const needs = (caps: Parameters<typeof capsSchema.parse>[0]) =>
      needsPrice(readCaps(capsSchema.parse(caps)))
    expect(needs({ global })).toBe(false)
    expect(needs({ global: { window: 'day', usd: '1' } })).toBe(true)
    expect(needs({ global, user: [{ window: 'day', usd: '1' }] })).toBe(true)
    expect(needs({ global, operation: { usd: '1' } })).toBe(true)
  })

  test.each([
    ['0', 0n],
    ['12.5', 12_500_000n],
    ['0.000001', 1n],
    ['999999999999999.999999', 999_999_999_999_999_999_999n],
  ])('%s US dollars are %s micro-USD', (text, microUsd) => {
    expect(readMicroUsd(text)).toBe(microUsd)
  })
})

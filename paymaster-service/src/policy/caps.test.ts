import { describe, expect, test } from 'vitest'
import type { Amount, CapRequest } from './caps.ts'
import { checkCaps } from './caps.ts'
import type { Caps } from './capsDocument.ts'

const caps: Caps = {
  global: [{ window: 'never', wei: 1_000n, microUsd: 2_000n, count: 100 }],
  user: [{ window: 'hour', wei: 300n, microUsd: 600n, count: 3 }],
  operation: { wei: 100n, microUsd: 150n, count: 2 },
}
/** One micro-USD a wei. */
const par = { kind: 'fresh', microUsdPerEther: 10n ** 18n } as const
const nothing: Amount = { wei: 0n, microUsd: 0n, operations: 0 }

type Given = Partial<CapRequest> & {
  added?: Partial<Amount>
  global?: Partial<Amount>
  user?: Partial<Amount>
}

const ask = ({ amount = 10n, calls = 1, price = par, now = 3_700, ...rest }: Given) => {
  const added = { wei: amount, microUsd: amount, operations: 1, ...rest.added }
  return checkCaps(caps, { amount, calls, price, now }, [
    ...caps.global.map((cap) => ({
      scope: 'global' as const,
      cap,
      committed: { ...nothing, ...rest.global },
      added,
    })),
    ...caps.user.map((cap) => ({
      scope: 'user' as const,
      cap,
      committed: { ...nothing, ...rest.user },
      added,
    })),
  ])
}

describe('checkCaps', () => {
  test.each<Given & { rule: string | undefined; remaining: bigint | undefined }>([
    { amount: 100n, rule: undefined, remaining: undefined },
    { amount: 101n, rule: 'operation.cap', remaining: 100n },
    { calls: 2, rule: undefined, remaining: undefined },
    { calls: 3, rule: 'operation.count', remaining: 2n },
    {
      amount: 75n,
      price: { ...par, microUsdPerEther: 2n * 10n ** 18n },
      rule: undefined,
      remaining: undefined,
    },
    {
      amount: 76n,
      price: { ...par, microUsdPerEther: 2n * 10n ** 18n },
      rule: 'operation.usd',
      remaining: 150n,
    },
    { user: { operations: 2 }, rule: undefined, remaining: undefined },
    { user: { operations: 3 }, rule: 'user.count', remaining: 0n },
    {
      user: { operations: 3 },
      added: { operations: 0 },
      rule: undefined,
      remaining: undefined,
    },
    { user: { wei: 290n }, rule: undefined, remaining: undefined },
    { user: { wei: 291n }, rule: 'user.cap', remaining: 9n },
    { user: { microUsd: 590n }, rule: undefined, remaining: undefined },
    { user: { microUsd: 591n }, rule: 'user.usd', remaining: 9n },
    { global: { operations: 99 }, rule: undefined, remaining: undefined },
    { global: { operations: 100 }, rule: 'global.count', remaining: 0n },
    { global: { wei: 990n }, rule: undefined, remaining: undefined },
    { global: { wei: 991n }, rule: 'global.cap', remaining: 9n },
    { global: { microUsd: 1_990n }, rule: undefined, remaining: undefined },
    { global: { microUsd: 1_991n }, rule: 'global.usd', remaining: 9n },
    { global: { wei: 1_000n }, amount: 0n, rule: 'global.cap', remaining: 0n },
    {
      global: { wei: 1_000n },
      amount: 50n,
      added: nothing,
      rule: undefined,
      remaining: undefined,
    },
    { global: { wei: 1_200n }, rule: 'global.cap', remaining: 0n },
  ])('%o', ({ rule, remaining, ...given }) => {
    const refusal = ask(given)
    expect(refusal?.rule).toBe(rule)
    expect(refusal?.remaining).toBe(remaining)
  })

  test('a cap with a window says when it starts over; one without never does', () => {
    expect(ask({ user: { wei: 300n } })?.resetsAt).toBe(7_200)
    expect(ask({ global: { wei: 1_000n } })?.resetsAt).toBeNull()
  })

  test('a stale price refuses where any cap is in USD, and says why', () => {
    const price = {
      kind: 'stale',
      reason: 'the price of ether is 90 s old, 60 s are allowed',
    } as const
    expect(ask({ price })).toEqual({
      rule: 'usd.stalePrice',
      message: 'usd.stalePrice: the price of ether is 90 s old, 60 s are allowed',
    })
    const inWei: Caps = { global: [], user: [], operation: undefined }
    expect(checkCaps(inWei, { amount: 1n, calls: 1, price, now: 0 }, [])).toBeUndefined()
  })
})

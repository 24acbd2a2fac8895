import { describe, expect, test } from 'vitest'
import { checkCaps } from './caps.ts'
import type { Caps } from './policy.ts'

const caps: Caps = {
  global: { wei: 1_000n, window: 'never' },
  user: { wei: 300n, count: 3, window: 'hour' },
  operation: { wei: 100n },
}

type Given = {
  amount?: bigint
  added?: bigint
  counts?: boolean
  global?: bigint
  user?: bigint
  operations?: number
  given?: Caps
}

const ask = ({
  amount = 10n,
  global = 0n,
  user = 0n,
  operations = 0,
  given = caps,
  ...rest
}: Given) =>
  checkCaps(
    given,
    { amount, added: rest.added ?? amount, counts: rest.counts ?? true, now: 3_700 },
    {
      global: { committed: global, operations: 0 },
      user: { committed: user, operations },
    },
  )

describe('checkCaps', () => {
  test.each<Given & { rule: string | undefined; remaining: bigint | undefined }>([
    { amount: 100n, rule: undefined, remaining: undefined },
    { amount: 101n, rule: 'operation.cap', remaining: 100n },
    { operations: 2, rule: undefined, remaining: undefined },
    { operations: 3, rule: 'user.count', remaining: 0n },
    { operations: 3, counts: false, rule: undefined, remaining: undefined },
    { user: 290n, rule: undefined, remaining: undefined },
    { user: 291n, rule: 'user.cap', remaining: 9n },
    { global: 990n, rule: undefined, remaining: undefined },
    { global: 991n, rule: 'global.cap', remaining: 9n },
    { global: 1_000n, amount: 0n, rule: 'global.cap', remaining: 0n },
    {
      global: 1_000n,
      amount: 50n,
      added: 0n,
      counts: false,
      rule: undefined,
      remaining: undefined,
    },
    { global: 1_200n, rule: 'global.cap', remaining: 0n },
  ])('%o', ({ rule, remaining, ...given }) => {
    const refusal = ask(given)
    expect(refusal?.rule).toBe(rule)
    expect(refusal?.remaining).toBe(remaining)
  })

  test('a cap with a window says when it starts over; one without never does', () => {
    expect(ask({ user: 300n })?.resetsAt).toBe(7_200)
    expect(ask({ global: 1_000n })?.resetsAt).toBeNull()
  })

  test('without caps for users only the budget counts', () => {
    const given = { ...caps, user: undefined }
    expect(ask({ given, user: 10_000n, operations: 99 })).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import { testHash, testOperation } from '../testing/pooledOperation.ts'
import type { WaitingContext } from './explainWaiting.ts'
import { explainWaiting } from './explainWaiting.ts'

const entry = {
  state: 'waiting',
  op: testOperation({ maxFeePerGas: 100n, nonce: 3n }),
  validAfter: 0,
  suspect: false,
  revertedBundles: 0,
} as const
const context: WaitingContext = {
  head: { number: 9, timestamp: 1_000, baseFeePerGas: 100n },
  before: undefined,
  nextNonce: 3n,
  mode: 'auto',
  executors: { total: 2, busy: 1 },
  boosted: false,
}

describe('explainWaiting', () => {
  test.each([
    { name: 'nothing is in the way', fields: {}, facts: {}, rule: 'nextBundle' },
    {
      name: 'another nonce first',
      fields: {},
      facts: { before: { hash: testHash(2), nonce: 2n } },
      rule: 'nonceOrder',
      numbers: { nonce: 3n, before: 2n },
    },
    {
      name: 'a nonce before it is missing',
      fields: {},
      facts: { nextNonce: 1n },
      rule: 'nonceGap',
      numbers: { nonce: 3n, nextNonce: 1n },
    },
    {
      name: 'not valid yet',
      fields: { validAfter: 1_001 },
      facts: {},
      rule: 'notDue',
      numbers: { validAfter: 1_001, headTimestamp: 1_000 },
    },
    { name: 'valid from now', fields: { validAfter: 1_000 }, facts: {}, rule: 'nextBundle' },
    {
      name: 'below the base fee',
      fields: {},
      facts: { head: { number: 9, timestamp: 1_000, baseFeePerGas: 101n } },
      rule: 'belowBaseFee',
      numbers: { maxFeePerGas: 100n, baseFeePerGas: 101n },
    },
    {
      name: 'below the base fee, on the account of the executor',
      fields: {},
      facts: { head: { number: 9, timestamp: 1_000, baseFeePerGas: 101n }, boosted: true },
      rule: 'nextBundle',
    },
    { name: 'manual mode', fields: {}, facts: { mode: 'manual' as const }, rule: 'manualMode' },
    {
      name: 'no executor free',
      fields: {},
      facts: { executors: { total: 2, busy: 2 } },
      rule: 'executorsBusy',
      numbers: { total: 2, busy: 2 },
    },
    { name: 'a suspect', fields: { suspect: true }, facts: {}, rule: 'goesAlone' },
    {
      name: 'no head yet',
      fields: { validAfter: 9_999 },
      facts: { head: undefined },
      rule: 'nextBundle',
    },
  ])('$name: $rule', ({ name: _, fields, facts, rule, ...expected }) => {
    const found = explainWaiting({ ...entry, ...fields }, { ...context, ...facts })
    expect(found).toMatchObject({ stage: 'waiting', rule, ...expected })
  })

  test('one that arrives, one in a bundle that is being made', () => {
    expect(explainWaiting({ ...entry, state: 'arriving' }, context).stage).toBe('arriving')
    expect(explainWaiting({ ...entry, state: 'inFlight' }, context).rule).toBe('bundling')
  })

  test('a deferred one says what the last bundle held against it', () => {
    const reason = { rule: 'AA33', message: 'paymaster reverted', revertData: '0x1234' } as const
    expect(explainWaiting({ ...entry, state: 'deferred' }, context, reason)).toMatchObject({
      stage: 'deferred',
      rule: 'AA33',
      revertData: '0x1234',
      message: expect.stringContaining('paymaster reverted'),
    })
  })
})

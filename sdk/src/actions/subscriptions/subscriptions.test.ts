import { getAddress, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { usdc } from '../../units/amounts.ts'
import { cancelSubscription } from './cancelSubscription.ts'
import { closePlan } from './closePlan.ts'
import { collectSubscription } from './collectSubscription.ts'
import { consumeQuota } from './consumeQuota.ts'
import { createPlan } from './createPlan.ts'
import { extendSubscription } from './extendSubscription.ts'
import { getPlan } from './getPlan.ts'
import { renewSubscription } from './renewSubscription.ts'
import { setAutoRenew } from './setAutoRenew.ts'
import { setMeter } from './setMeter.ts'
import { subscribe } from './subscribe.ts'
import { withdrawSubscriptions } from './withdrawSubscriptions.ts'

const other = '0x2200000000000000000000000000000000000022'
const usdcToken = getAddress(contracts.usdc)
const spender = getAddress(contracts.subscriptions)
const planId = 1n
const plan = {
  provider: other,
  token: usdcToken,
  meter: zeroAddress,
  price: 20n,
  quota: 100n,
  period: 2_592_000,
  open: true,
}
const chainOf = (token: `0x${string}`, allowance = 0n) =>
  chainWith({ subscriptions: { getPlan: { ...plan, token } }, usdc: { allowance } })
const inUsdc = chainOf(usdcToken)
const inEth = chainOf(zeroAddress)

describe('calls', () => {
  test.each([
    [
      createPlan.call({ price: usdc(20), period: '30d', quota: 100n }),
      'createPlan',
      usdcToken,
      20_000_000n,
      2_592_000,
      100n,
      zeroAddress,
    ],
    [closePlan.call({ planId }), 'closePlan', 1n],
    [setMeter.call({ planId, meter: other }), 'setMeter', 1n, other],
    [consumeQuota.call({ planId, subscriber: other, units: 5n }), 'consume', 1n, other, 5n],
    [cancelSubscription.call({ planId }), 'cancel', 1n],
    [collectSubscription.call({ planId, subscriber: other }), 'collect', 1n, other],
    [withdrawSubscriptions.call({ token: 'usdc' }), 'withdraw', usdcToken],
    [withdrawSubscriptions.call({ token: 'usdc', to: other }), 'withdraw', usdcToken, other],
    [renewSubscription.call({ planId, subscriber: other }), 'renew', 1n, other],
  ])('%#: $1', async (call, ...expected) => {
    expect(await callsOf(call)).toEqual([['subscriptions', ...expected]])
  })

  test.each([
    [subscribe.call({ planId, periods: 3 }), 60n, ['subscribe', 1n, 3]],
    [subscribe.call({ planId }), 20n, ['subscribe', 1n, 1]],
    [extendSubscription.call({ planId, periods: 2 }), 40n, ['extend', 1n, 2]],
    [renewSubscription.call({ planId }), 20n, ['renew', 1n, me]],
  ])('%#: pays the price of its periods, $1', async (call, amount, expected) => {
    expect(await callsOf(call, inUsdc)).toEqual([
      ['usdc', 'approve', spender, amount],
      ['subscriptions', ...expected],
    ])
    expect(await callsOf(call, inEth)).toEqual([['subscriptions', ...expected, { value: amount }]])
  })

  describe('automatic renewal', () => {
    const set = (autoRenew: boolean) => ['subscriptions', 'setAutoRenew', 1n, autoRenew]

    test('by the subscriber itself approves nothing', async () => {
      expect(await callsOf(setAutoRenew.call({ planId, autoRenew: true }))).toEqual([set(true)])
    })

    test('by the provider adds the price of the periods to what is approved', async () => {
      const call = setAutoRenew.call({ planId, autoRenew: true, periods: 3 })
      expect(await callsOf(call, chainOf(usdcToken, 7n))).toEqual([
        set(true),
        ['usdc', 'approve', spender, 67n],
      ])
    })

    test('that ends takes the approval back', async () => {
      const call = setAutoRenew.call({ planId, autoRenew: false })
      expect(await callsOf(call, inUsdc)).toEqual([set(false), ['usdc', 'approve', spender, 0n]])
      expect(await callsOf(call, inEth)).toEqual([set(false)])
    })
  })
})

describe('events', () => {
  const created = {
    planId,
    provider: me,
    token: usdcToken,
    price: 20n,
    period: 2_592_000n,
    quota: 100n,
  }
  const subscribed = { planId, subscriber: me, periods: 3n, paidUntil: 9n }
  const consumed = { planId, subscriber: other, units: 5n, remaining: 95n }
  const canceled = { planId, subscriber: me, refund: 40n, endsAt: 9n }
  const collected = { planId, subscriber: other, amount: 20n }
  const withdrawn = { account: me, token: usdcToken, amount: 1n, to: me }
  const renewal = { planId, subscriber: me, autoRenew: true }
  test.each([
    [createPlan, 'PlanCreated', created],
    [closePlan, 'PlanClosed', { planId }],
    [setMeter, 'MeterSet', { planId, meter: other }],
    [subscribe, 'Subscribed', subscribed],
    [extendSubscription, 'Subscribed', subscribed],
    [renewSubscription, 'Subscribed', subscribed],
    [setAutoRenew, 'AutoRenewSet', renewal],
    [consumeQuota, 'Consumed', consumed],
    [cancelSubscription, 'Canceled', canceled],
    [collectSubscription, 'Collected', collected],
    [withdrawSubscriptions, 'Withdrawn', withdrawn],
  ])('%#: $1', (action, eventName, args) => {
    expect(action.extractEvent([logOf('subscriptions', eventName, args)])).toEqual(args)
  })

  test('the meter that a new plan names is not that of setMeter in the same batch', () => {
    const meterOf = (id: bigint) => logOf('subscriptions', 'MeterSet', { planId: id, meter: other })
    const { event, rest } = setMeter
      .call({ planId, meter: other })
      .takeEvent([meterOf(2n), meterOf(1n)])
    expect([event.planId, rest]).toEqual([1n, [meterOf(2n)]])
  })
})

test('a plan that nobody opened is none', async () => {
  expect(await getPlan(inUsdc, { planId })).toEqual({ planId, ...plan })
  const nobody = { ...plan, provider: zeroAddress }
  const chain = chainWith({ subscriptions: { getPlan: nobody } })
  expect(await getPlan(chain, { planId })).toBeUndefined()
})

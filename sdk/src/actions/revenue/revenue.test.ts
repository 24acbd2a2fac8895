import { getAddress, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { eth, fab, usdc } from '../../units/amounts.ts'
import { buyBack } from './buyBack.ts'
import { splitRevenue } from './splitRevenue.ts'
import { withdrawableRevenue } from './withdrawableRevenue.ts'
import { withdrawRevenue } from './withdrawRevenue.ts'

const host = '0x2200000000000000000000000000000000000022'
const usdcToken = getAddress(contracts.usdc)
const splitter = getAddress(contracts.revenueSplitter)

describe('calls', () => {
  test('revenue is approved exactly, or goes as value', async () => {
    expect(await callsOf(splitRevenue.call({ amount: usdc(2), host }))).toEqual([
      ['usdc', 'approve', splitter, 2_000_000n],
      ['revenueSplitter', 'split', usdcToken, 2_000_000n, host],
    ])
    expect(await callsOf(splitRevenue.call({ amount: eth(1), host }))).toEqual([
      ['revenueSplitter', 'split', zeroAddress, 10n ** 18n, host, { value: 10n ** 18n }],
    ])
  })

  test.each([
    [withdrawRevenue.call({ token: 'usdc' }), ['revenueSplitter', 'withdraw', usdcToken]],
    [
      withdrawRevenue.call({ token: 'eth', to: host }),
      ['revenueSplitter', 'withdraw', zeroAddress, host],
    ],
    [
      buyBack.call({ amount: usdc(3), minimum: fab(2) }),
      ['buyback', 'buy', 3_000_000n, fab(2).value],
    ],
  ])('%#: $1', async (call, expected) => {
    expect(await callsOf(call)).toEqual([expected])
  })
})

describe('events', () => {
  const split = { token: usdcToken, host, toHost: 85n, toTreasury: 10n, toStakers: 5n }
  const withdrawn = { account: me, token: usdcToken, amount: 1n, to: host }
  const bought = { spent: 1n, bought: 2n, burned: 1n }

  test('are those of the action', () => {
    expect(splitRevenue.extractEvent([logOf('revenueSplitter', 'RevenueSplit', split)])).toEqual(
      split,
    )
    expect(
      withdrawRevenue.extractEvent([logOf('revenueSplitter', 'Withdrawn', withdrawn)]),
    ).toEqual(withdrawn)
    expect(buyBack.extractEvent([logOf('buyback', 'BoughtBack', bought)])).toEqual(bought)
  })

  test('of a batch belong to their hosts', () => {
    const logs = [split, { ...split, host: me }].map((args) =>
      logOf('revenueSplitter', 'RevenueSplit', args),
    )
    const { event } = splitRevenue.call({ amount: usdc(1), host: me }).takeEvent(logs)
    expect(event.host).toBe(me)
  })
})

test('what is not paid out yet', async () => {
  const chain = chainWith({ revenueSplitter: { withdrawable: 7n } })
  expect(await withdrawableRevenue(chain, { token: 'usdc' })).toEqual({ token: 'usdc', value: 7n })
})

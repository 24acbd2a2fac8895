import type { Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { NodeUnavailableError } from '../chain/chainReader.ts'
import type { Submission } from '../keeper/keeper.ts'
import type { KeeperTransaction } from '../keeper/transactionStore.ts'
import { createPriceKeeper } from './priceKeeper.ts'
import type { TokenTerms } from './tokenContract.ts'

const paymaster: Address = '0x9999999999999999999999999999999999999999'
const usdc: Address = '0x8888888888888888888888888888888888888888'
const fab: Address = '0x7777777777777777777777777777777777777777'
const now = 1_000_000

function setUp({ hasKeeper = true, dayMax = 1_000n } = {}) {
  const state = {
    validUntil: now + 3_600,
    next: { validUntil: now + 3_600 } as { validUntil: number } | { error: string },
    recent: [] as KeeperTransaction[],
    submitted: [] as (Address | undefined)[],
    logged: [] as unknown[],
    isReachable: true,
  }
  const terms = (token: Address): TokenTerms => ({
    source: token === usdc ? 'feed' : 'quote',
    price: 1n,
    validAfter: 0,
    validUntil: token === usdc ? state.validUntil : 0,
    markupBps: 0n,
    quoteSigner: paymaster,
  })
  const prices = createPriceKeeper({
    contract: {
      terms: async (_paymaster, token) => terms(token),
      nextPrice: async () => state.next,
      updatePrice: (to) => ({ to, data: '0x' }),
      async blockTime() {
        if (!state.isReachable) throw new NodeUnavailableError(new Error('no answer'))
        return now
      },
    },
    tokens: [usdc, fab].map((token) => ({ paymaster, token })),
    keeper: hasKeeper
      ? {
          recent: async () => state.recent,
          async submit({ token, agreed, amount }: Submission) {
            if (!agreed(state.recent, amount(50n))) return 'held'
            state.submitted.push(token)
            return 'sent'
          },
        }
      : undefined,
    rules: { dayMax },
    clock: () => now,
    log: {
      info() {},
      error: (fields: unknown) => state.logged.push(fields),
    },
  })
  return { state, prices }
}

describe('the price of a token with feeds', () => {
  test('is updated when it ends soon; one with quotes is left alone', async () => {
    const { state, prices } = setUp()
    state.validUntil = now + 600
    await prices.look()
    expect(state.submitted).toEqual([])
    state.validUntil = now + 599
    await prices.look()
    expect(state.submitted).toEqual([usdc])
    expect(prices.prices()).toEqual([{ paymaster, token: usdc, validUntil: now + 599 }])
  })

  test('that is left to end is told once with its reason, and again after it was well', async () => {
    const { state, prices } = setUp()
    state.validUntil = now
    state.next = { error: 'TokenPaymasterFeedStale' }
    await prices.look()
    await prices.look()
    expect(state.submitted).toEqual([])
    expect(state.logged).toMatchObject([
      { token: usdc, reason: 'updatePrice reverts with TokenPaymasterFeedStale' },
    ])
    state.validUntil = now + 3_600
    await prices.look()
    state.validUntil = now
    await prices.look()
    expect(state.logged).toHaveLength(2)
  })

  test('without a keeper is told, so that somebody updates it', async () => {
    const { state, prices } = setUp({ hasKeeper: false })
    await prices.look()
    expect(state.logged).toEqual([])
    state.validUntil = now + 1
    await prices.look()
    expect(state.logged).toMatchObject([{ reason: expect.stringContaining('there is no keeper') }])
  })

  test.each([
    { dayMax: 49n, sent: 0 },
    { dayMax: 50n, sent: 1 },
  ])('is not updated beyond $dayMax wei a day: of 50 wei $sent', async ({ dayMax, sent }) => {
    const { state, prices } = setUp({ dayMax })
    state.validUntil = now
    await prices.look()
    expect(state.submitted).toHaveLength(sent)
    expect(state.logged).toHaveLength(1 - sent)
  })

  test('is not known while the node does not answer', async () => {
    const { state, prices } = setUp()
    state.isReachable = false
    await expect(prices.look()).rejects.toThrow(NodeUnavailableError)
    expect(prices.prices()).toEqual([])
  })
})

import { pino } from 'pino'
import type { Address } from 'viem'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keeperChain } from '../testing/keeperChain.ts'
import { startPostgres } from '../testing/postgresDatabase.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import { createKeeper, stuckAfter } from './keeper.ts'
import type { KeeperTransaction } from './transactionStore.ts'

const paymaster: Address = '0x9999999999999999999999999999999999999999'
const token: Address = '0x8888888888888888888888888888888888888888'

beforeAll(startPostgres, 120_000)

describe.each(testStores)('the keeper in $name', ({ open }) => {
  let opened: TestStore
  let chain: ReturnType<typeof keeperChain>
  let now: number
  const ended: KeeperTransaction[] = []

  beforeEach(async () => {
    opened = await open()
    chain = keeperChain()
    now = 1_000_000
    ended.length = 0
  })
  afterEach(() => opened.close())

  const instance = () =>
    createKeeper({
      chainId: 1,
      store: opened.store,
      wallet: chain.wallet,
      clock: () => now,
      log: pino({ level: 'silent' }),
      onEnd: (transaction) => ended.push(transaction),
    })
  const submission = (of: { token?: Address } = {}) => ({
    paymaster,
    ...of,
    call: { to: paymaster, data: '0xaabb' } as const,
    amount: (maxCost: bigint) => (of.token ? maxCost : 300n),
    agreed: () => true,
  })
  const wait = async (seconds: number, ...instances: ReturnType<typeof instance>[]) => {
    now += seconds
    await Promise.all(instances.map((each) => each.settle()))
  }

  test('what is in no block for a minute is sent with more fee and the same nonce, until it may not be more', async () => {
    const keeper = instance()
    expect(await keeper.submit(submission())).toBe('sent')
    await wait(stuckAfter - 1, keeper)
    await wait(1, keeper)
    // The new one has its own minute.
    await wait(stuckAfter - 1, keeper)
    await wait(1, keeper)
    await wait(stuckAfter, keeper)
    await wait(stuckAfter, keeper)
    const bids = ['01', '01', '02', '02', '03', '03', '03']
    expect(chain.state.sent).toEqual(bids.map((bid) => `0xaabb00${bid}`))
    chain.mine()
    await wait(1, keeper)
    expect(ended).toMatchObject([{ state: 'done', amount: 300n }])
  })

  test('whichever of them is mined, it happened once', async () => {
    const keeper = instance()
    await keeper.submit(submission())
    await wait(stuckAfter, keeper)
    await wait(stuckAfter, keeper)
    chain.mine('done', '0xaabb0001')
    await wait(stuckAfter, keeper)
    await wait(stuckAfter, keeper)
    expect(ended).toMatchObject([{ state: 'done', nonce: 0 }])
    expect(await keeper.submit(submission())).toBe('sent')
    expect(chain.state.sent.at(-1)).toBe('0xaabb0101')
  })

  test('of two instances one raises the fee, and both wait for both', async () => {
    const instances = [instance(), instance()] as const
    await instances[0].submit(submission())
    await wait(stuckAfter, ...instances)
    // Who comes second may find the new one and send it once more.
    expect(new Set(chain.state.sent)).toEqual(new Set(['0xaabb0001', '0xaabb0002']))
    chain.mine('failed')
    await wait(1, ...instances)
    expect(ended).toMatchObject([{ state: 'failed' }])
  })

  test('a raised one that was written down and not sent is sent by whoever finds it', async () => {
    await instance().submit(submission())
    chain.state.isReachable = false
    await wait(stuckAfter, instance())
    chain.state.isReachable = true
    await wait(1, instance())
    expect(chain.state.sent).toEqual(['0xaabb0001', '0xaabb0002'])
  })

  test('one at a time: what comes meanwhile is held, and nothing is sent while gas is too expensive', async () => {
    const keeper = instance()
    const results = await Promise.all([
      keeper.submit(submission()),
      instance().submit(submission({ token })),
    ])
    expect(results.sort()).toEqual(['held', 'sent'])
    chain.mine()
    await wait(1, keeper)
    chain.state.baseFeeIsTooHigh = true
    expect(await keeper.submit(submission())).toBe('tooExpensive')
    expect(await keeper.recent()).toHaveLength(1)
  })

  test('an update of a price counts with what it may cost, then with what it did', async () => {
    const keeper = instance()
    await keeper.submit(submission({ token }))
    expect(await keeper.recent()).toMatchObject([{ token, amount: 50n, state: 'sent' }])
    chain.mine()
    await wait(1, keeper)
    expect(await keeper.recent()).toMatchObject([{ token, amount: 20n, state: 'done' }])
    await keeper.submit(submission({ token }))
    chain.state.nonce++
    await wait(1, keeper)
    expect(ended.map(({ state, amount }) => [state, amount])).toEqual([
      ['done', 20n],
      ['replaced', 0n],
    ])
  })
})

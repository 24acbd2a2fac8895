import { pino } from 'pino'
import type { Address } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createKeeper } from '../keeper/keeper.ts'
import type { KeeperTransaction } from '../keeper/transactionStore.ts'
import { keeperChain } from '../testing/keeperChain.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import type { TopUpRules } from './planTopUp.ts'
import { createTopUps } from './topUp.ts'

const paymaster: Address = '0x9999999999999999999999999999999999999999'
const other: Address = '0x9999999999999999999999999999999999999998'
const rules: TopUpRules = { below: 100n, to: 300n, dayMax: 1_000n, cooldown: 600 }

describe.each(testStores)('in $name', ({ open }) => {
  let opened: TestStore
  let chain: ReturnType<typeof keeperChain>
  let now: number
  const ended: KeeperTransaction['state'][] = []

  beforeEach(async () => {
    opened = await open()
    chain = keeperChain()
    now = 1_000_000
    ended.length = 0
  }, 120_000)
  afterEach(() => opened.close())

  const instance = (of = rules) => {
    const clock = () => now
    const keeper = createKeeper({
      chainId: 1,
      store: opened.store,
      wallet: chain.wallet,
      clock,
      log: pino({ level: 'silent' }),
      onEnd: ({ state }) => ended.push(state),
    })
    const { consider } = createTopUps({ keeper, vault: chain.vault, rules: of, clock })
    return { consider, settle: keeper.settle }
  }

  test('of two instances that see a low deposit at once, one tops it up', async () => {
    const instances = [instance(), instance()]
    const plans = await Promise.all(instances.map((each) => each.consider(paymaster, 99n)))
    expect(plans.map(({ kind }) => kind).sort()).toEqual(['none', 'topUp'])
    expect(chain.state.sent).toHaveLength(1)
    chain.mine()
    await Promise.all(instances.map((each) => each.settle()))
    expect(ended).toEqual(['done'])
  })

  test('one that was written down and not sent is sent as it was, and once over', async () => {
    chain.state.isReachable = false
    await instance().consider(paymaster, 0n)
    expect(chain.state.sent).toEqual([])
    // The process ended; another one starts.
    chain.state.isReachable = true
    const next = instance()
    await next.settle()
    await next.settle()
    expect(new Set(chain.state.sent).size).toBe(1)
    expect(await next.consider(other, 0n)).toEqual({ kind: 'none', reason: 'underWay' })
    chain.mine()
    await next.settle()
    expect(await next.consider(other, 0n)).toEqual({ kind: 'topUp', amount: 300n })
  })

  test.each([
    { status: 'failed', left: 1_000n },
    { status: 'done', left: 700n },
  ] as const)('one that is $status leaves $left wei of the day', async ({ status, left }) => {
    const topUps = instance()
    await topUps.consider(paymaster, 0n)
    chain.mine(status)
    await topUps.settle()
    expect(ended).toEqual([status])
    now += 600
    const more = instance({ ...rules, to: 2_000n })
    expect(await more.consider(paymaster, 0n)).toEqual({ kind: 'topUp', amount: left })
  })

  test('a nonce that another transaction took ends it; it is tried again after the cool-down', async () => {
    const topUps = instance()
    await topUps.consider(paymaster, 0n)
    chain.state.nonce++
    await topUps.settle()
    expect(ended).toEqual(['replaced'])
    expect(await topUps.consider(paymaster, 0n)).toEqual({ kind: 'none', reason: 'cooldown' })
    now += 600
    expect(await topUps.consider(paymaster, 0n)).toMatchObject({ kind: 'topUp' })
  })
})

import { pino } from 'pino'
import type { Address, Hash, Hex } from 'viem'
import { keccak256, numberToHex } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import type { TopUpRules } from './planTopUp.ts'
import { createTopUps } from './topUp.ts'
import type { TopUp } from './topUpStore.ts'
import type { VaultWallet } from './vaultWallet.ts'

const paymaster: Address = '0x9999999999999999999999999999999999999999'
const other: Address = '0x9999999999999999999999999999999999999998'
const rules: TopUpRules = { below: 100n, to: 300n, dayMax: 1_000n, cooldown: 600 }

/** A chain with one vault and one keeper: what was sent is mined when the test says so. */
function testChain() {
  const state = {
    nonce: 0,
    receipts: new Map<Hash, 'done' | 'failed'>(),
    sent: [] as Hex[],
    isReachable: true,
  }
  const wallet: VaultWallet = {
    keeper: '0x5555555555555555555555555555555555555555',
    vault: async () => ({ available: 5_000n, dailyCap: 5_000n, balance: 9_000n }),
    async prepare(to, amount) {
      const raw: Hex = `${to}${numberToHex(amount, { size: 4 }).slice(2)}${state.nonce}0`
      return { hash: keccak256(raw), raw, nonce: state.nonce }
    },
    async send(raw) {
      if (state.isReachable) state.sent.push(raw)
    },
    async outcome({ hash, nonce }) {
      return state.receipts.get(hash) ?? (state.nonce > nonce ? 'replaced' : 'pending')
    },
  }
  const mine = (status: 'done' | 'failed' = 'done') => {
    for (const raw of state.sent) state.receipts.set(keccak256(raw), status)
    state.nonce++
  }
  return { state, wallet, mine }
}

describe.each(testStores)('in $name', ({ open }) => {
  let opened: TestStore
  let chain: ReturnType<typeof testChain>
  let now: number
  const ended: TopUp['state'][] = []

  beforeEach(async () => {
    opened = await open()
    chain = testChain()
    now = 1_000_000
    ended.length = 0
  }, 120_000)
  afterEach(() => opened.close())

  const instance = () =>
    createTopUps({
      chainId: 1,
      store: opened.store,
      wallet: chain.wallet,
      rules,
      clock: () => now,
      log: pino({ level: 'silent' }),
      onEnd: ({ state }) => ended.push(state),
    })

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
    const more = createTopUps({
      chainId: 1,
      store: opened.store,
      wallet: chain.wallet,
      rules: { ...rules, to: 2_000n },
      clock: () => now,
      log: pino({ level: 'silent' }),
    })
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

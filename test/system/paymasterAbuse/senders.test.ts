import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { UserOperation } from '@fabstir/erc4337'
import { concat, encodeFunctionData, parseEther, parseGwei } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { TestAccount } from '../paymasterFixture.ts'
import { adapterOf, encodeCalls, newAccount, newOperation } from '../paymasterFixture.ts'
import { include } from '../paymasterUsage.ts'
import type { AbuseStack } from './abuseStack.ts'
import { startAbuseStack } from './abuseStack.ts'
import type { Sponsored } from './asking.ts'
import {
  ask,
  attack,
  expectRefused,
  operationOf,
  signFinal,
  sponsor,
  withFields,
} from './asking.ts'
import { billOf, books } from './bill.ts'

/** Users who ask for more than their app gives. Each app has a budget of its own. */
const entryPoint = entryPoint08Address
/** Uses most of the gas that it asks for, so that budgets are soon spent. */
const dear = { preVerificationGas: 600_000n, maxPriorityFeePerGas: parseGwei('3') }
/** What that holds back at most: its gas limits at 3 gwei. */
const dearWei = 1_375_341n * parseGwei('3')
const fiveWei = 5n * dearWei
const plenty = { wei: `${parseEther('1')}`, window: 'never' } as const
const operation = { wei: `${parseEther('0.05')}` }
const threeOf = {
  user: { caps: { global: plenty, user: { count: 3, window: 'never' }, operation } },
  policy: { caps: { global: { ...plenty, count: 3 }, operation } },
} as const
const fiveDear = { caps: { global: { wei: `${fiveWei}`, window: 'never' }, operation } } as const
const ofThree = /user\.count: the sender has had 3 of 3 operations \(never\)/
let stack: AbuseStack

beforeAll(async () => {
  stack = await startAbuseStack({
    sybil: fiveDear,
    unsent: fiveDear,
    few: threeOf.policy,
    nonces: threeOf.user,
    changing: {},
    rated: { rate: { key: { requests: 4, seconds: 3_600 } } },
    reverting: threeOf.user,
    deploying: threeOf.user,
    foreign: {},
    expiring: threeOf.user,
  })
})
afterAll(() => stack?.close())

async function send(sponsored: Sponsored): Promise<bigint> {
  const { actualGasCost } = await include(stack, entryPoint, await signFinal(sponsored))
  return actualGasCost
}

/** Asks for ten senders that nobody has seen before, at once. */
async function askForTen(app: string) {
  const accounts = await Promise.all(
    Array.from({ length: 10 }, () => newAccount(stack, entryPoint)),
  )
  const answers = await Promise.all(
    accounts.map(async (account) => {
      const op = newOperation(stack, account, dear)
      return { account, op, answer: await ask(stack, op, { app }) }
    }),
  )
  return {
    given: answers.flatMap(({ account, op, answer }) =>
      answer.result ? [{ account, entryPoint, op: withFields(op, answer) }] : [],
    ),
    refused: answers.flatMap(({ answer }) => (answer.error ? [answer] : [])),
  }
}

/** Operations of one account, each on a nonce key of its own. */
async function askOnKeys(app: string, account: TestAccount, keys: readonly bigint[]) {
  const given: Sponsored[] = []
  for (const key of keys)
    given.push(await sponsor(stack, { app, account, overrides: { nonce: key << 64n } }))
  return given
}

const askFor = (app: string, account: TestAccount, overrides: Partial<UserOperation> = {}) =>
  ask(stack, newOperation(stack, account, overrides), { app })

const settledWith = (app: string, settled: bigint) =>
  vi.waitFor(async () => expect(await books(stack, app)).toMatchObject({ settled, reserved: 0n }), {
    timeout: 10_000,
    interval: 20,
  })

test('P-13 many senders from one key spend the budget and no wei more', async () => {
  let paid = 0n
  let rounds = 0
  const bill = await billOf(stack, 'sybil', async () => {
    for (;;) {
      const { given, refused } = await askForTen('sybil')
      for (const answer of refused)
        expectRefused(
          answer,
          'global.cap',
          /4126023000000000 wei more is asked, \d+ of 20630115000000000 wei is left/,
        )
      if (rounds === 0) expect(given).toHaveLength(5)
      if (given.length === 0) break
      rounds++
      // What they did not use is free again, and is asked for again.
      for (const each of given) paid += await send(each)
      await settledWith('sybil', paid)
    }
  })
  expect(rounds).toBeGreaterThan(1)
  expect(bill).toBe(paid)
  expect(bill).toBeLessThanOrEqual(fiveWei)
  expect(fiveWei - bill).toBeLessThan(dearWei)
})

test('P-13 many senders from one key are counted together, and slowed down together', async () => {
  const { given, refused } = await askForTen('few')
  expect(given).toHaveLength(3)
  for (const answer of refused)
    expectRefused(answer, 'global.count', /the policy has had 3 of 3 operations \(never\)/, {
      remaining: '0',
    })
  const slowed = await askForTen('rated')
  expect(slowed.given).toHaveLength(4)
  for (const answer of slowed.refused)
    expectRefused(answer, 'rate.key', /4 of 4 requests in 3600 seconds/)
})

test('P-14 one sender with many nonces has its count and no more', async () => {
  const account = await newAccount(stack, entryPoint)
  await askOnKeys('nonces', account, [0n, 1n, 2n])
  const { reserved } = await books(stack, 'nonces')
  for (const nonce of [3n << 64n, 1n, 2n ** 255n])
    expectRefused(await askFor('nonces', account, { nonce }), 'user.count', ofThree)
  expect((await books(stack, 'nonces')).reserved).toBe(reserved)
})

test('P-14 one operation changed again and again holds back the dearest, and ends', async () => {
  const account = await newAccount(stack, entryPoint)
  const gas = (more: number) => ({ callGasLimit: 150_000n + BigInt(more) })
  const { op } = await sponsor(stack, { app: 'changing', account, overrides: gas(16) })
  const dearest = adapterOf(entryPoint).requiredPrefund(op)
  for (let more = 1; more < 16; more++)
    await sponsor(stack, { app: 'changing', account, overrides: gas(more) })
  expect(await books(stack, 'changing')).toMatchObject({ reserved: dearest, operations: 1 })
  expectRefused(
    await askFor('changing', account, gas(0)),
    'nonce.replacements',
    /of 0x\w{40} with nonce 0 have 16 live signatures already/,
  )
  expect((await books(stack, 'changing')).reserved).toBe(dearest)
})

test('P-15 operations that revert are paid for and counted, and then refused', async () => {
  const account = await newAccount(stack, entryPoint)
  const data = encodeFunctionData({
    abi: jobMarketplaceAbi,
    functionName: 'claimJob',
    args: [999n],
  })
  const callData = encodeCalls([{ target: stack.contracts.marketplace, data }])
  let paid = 0n
  const bill = await billOf(stack, 'reverting', async () => {
    for (let nonce = 0n; nonce < 3n; nonce++) {
      const whole = operationOf(stack, account, { nonce, callData })
      const final = withFields(whole, await ask(stack, whole, { app: 'reverting' }))
      const event = await include(
        stack,
        entryPoint,
        await signFinal({ account, op: final, entryPoint }),
      )
      expect(event.success).toBe(false)
      paid += event.actualGasCost
    }
  })
  expect(bill).toBe(paid)
  const next = operationOf(stack, account, { nonce: 3n })
  expectRefused(await ask(stack, next, { app: 'reverting' }), 'user.count', ofThree, {
    remaining: '0',
  })
  expect(await books(stack, 'reverting')).toMatchObject({
    settled: paid,
    reserved: 0n,
    operations: 3,
  })
})

test('P-17 factories that are not listed deploy nothing at the expense of the app', async () => {
  const account = await newAccount(stack, entryPoint)
  const other = await newAccount(stack, entryPoint)
  const marketplace = stack.contracts.marketplace
  for (const [rule, numbers, changes] of [
    ['factory.unknown', /0x\w{40} is not a known factory/, { factory: marketplace }],
    ['account.unknown', /0x\w{40}/, { factoryData: other.factoryData }],
    ['account.unknown', /0x\w{40}/, { factoryData: '0x' }],
    [
      'factory.unknown',
      /0x7702\w{36} is not a known factory/,
      { factory: `0x7702${'00'.repeat(18)}` },
    ],
  ] as const)
    for (const method of ['pm_getPaymasterStubData', 'pm_getPaymasterData'] as const)
      expectRefused(
        await ask(stack, newOperation(stack, account, changes), { app: 'foreign', method }),
        rule,
        numbers,
      )
  expect(await books(stack, 'foreign')).toMatchObject({ reserved: 0n, settled: 0n, operations: 0 })
})

test('P-18 initCode for one sender again and again deploys it once', async () => {
  const account = await newAccount(stack, entryPoint)
  const [first, ...others] = await askOnKeys('deploying', account, [0n, 1n, 2n])
  if (!first) throw new RangeError('three were asked for')
  let paid = 0n
  const bill = await billOf(stack, 'deploying', async () => {
    paid = await send(first)
    for (const each of others)
      expect(await attack(stack, each)).toEqual({
        chain: 'AA10',
        bundler: '-32500 AA10 sender already constructed',
      })
    expectRefused(await askFor('deploying', account, { nonce: 3n << 64n }), 'user.count', ofThree)
  })
  expect(bill).toBe(paid)
  // Data that Solidity would not look at makes no other account of it.
  const factoryData = concat([account.factoryData, '0x00'])
  expectRefused(
    await askFor('deploying', account, { factoryData, nonce: 4n << 64n }),
    'user.count',
    ofThree,
  )
})

test('P-16 what is never sent, or too late, is given back and still counts against its sender', async () => {
  const { given } = await askForTen('unsent')
  const account = await newAccount(stack, entryPoint)
  const late = await askOnKeys('expiring', account, [0n, 1n, 2n])
  expect(given).toHaveLength(5)
  expect(await books(stack, 'unsent')).toMatchObject({ reserved: fiveWei, free: 0n })
  // The deposits are of all apps.
  const bill = await billOf(stack, 'expiring', async () => {
    await stack.client.increaseTime({ seconds: 700 })
    await stack.client.mine({ blocks: 1 })
    // By then the bundler has seen the block, too.
    await settledWith('expiring', 0n)
    for (const each of late)
      expect(await attack(stack, each)).toEqual({
        chain: 'AA32',
        bundler: '-32503 AA32 expired or expires too soon',
      })
  })
  expect(bill).toBe(0n)
  for (const app of ['unsent', 'expiring']) await settledWith(app, 0n)
  expectRefused(await askFor('expiring', account, { nonce: 3n << 64n }), 'user.count', ofThree)
  expect((await askForTen('unsent')).given).toHaveLength(5)
})

import type { Hex } from 'viem'
import { concat, numberToHex, parseEther, slice } from 'viem'
import { entryPoint09Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAccount } from '../paymasterFixture.ts'
import { include } from '../paymasterUsage.ts'
import type { AbuseStack } from './abuseStack.ts'
import { addPlainSponsor, startAbuseStack } from './abuseStack.ts'
import type { Sponsored } from './asking.ts'
import {
  ask,
  attack,
  bundleByHand,
  expectRefused,
  notSigned,
  signFinal,
  sponsor,
  sponsorInParallel,
  withFields,
} from './asking.ts'
import { billOf, books } from './bill.ts'

/** EntryPoint 0.9 leaves a paymaster's signature out of the hash. One user, apps with a budget each. */
const entryPoint = entryPoint09Address
const rich = { app: 'rich', entryPoint }
/** Enough for one plain operation. */
const poorBudget = parseEther('0.003')
let stack: AbuseStack

beforeAll(async () => {
  stack = await startAbuseStack({
    rich: {},
    third: {},
    poor: { caps: { global: { wei: `${poorBudget}`, window: 'never' } } },
  })
})
afterAll(() => stack?.close())

/** Ten times what an operation needs. */
const dear = { preVerificationGas: 10_000_000n }

/** The same signature in the form in which it is part of the hash. */
function joined(sponsored: Sponsored): Sponsored {
  const { paymasterSignature = '0x', paymasterData = '0x', ...op } = sponsored.op
  return { ...sponsored, op: { ...op, paymasterData: concat([paymasterData, paymasterSignature]) } }
}

/** The same signature in the form in which it stands outside. */
function apart(sponsored: Sponsored): Sponsored {
  const { paymasterData = '0x', ...op } = sponsored.op
  const parts = {
    paymasterData: slice(paymasterData, 0, 28),
    paymasterSignature: slice(paymasterData, 28),
  }
  return { ...sponsored, op: { ...op, ...parts } }
}

/** Another app signs for another operation of the same nonce, the cheaper or the dearer one. */
const companies = [
  { overrides: dear, other: { app: 'poor', entryPoint } },
  { overrides: {}, other: { app: 'third', entryPoint, overrides: dear } },
]

/** Includes an operation that one app has signed for, and expects that this app pays all of it and the other nothing. */
async function expectBilledToRich(sponsored: Sponsored, other: string) {
  let actual = 0n
  const before = await books(stack, other)
  const bill = await billOf(stack, 'rich', async () => {
    const { actualGasCost } = await include(stack, entryPoint, await signFinal(sponsored))
    actual = actualGasCost
  })
  expect(bill).toBe(actual)
  expect((await books(stack, other)).settled).toBe(before.settled)
}

test('P-11 the stub, and a signature of another operation, do not pay', async () => {
  const context = { parallelSigning: true }
  const method = 'pm_getPaymasterStubData'
  const bill = await billOf(stack, 'rich', async () => {
    const stub = await sponsor(stack, { ...rich, context, method })
    expect(await attack(stack, stub)).toEqual(notSigned)
    const other = await sponsorInParallel(stack, rich)
    const { paymasterSignature = '0x' } = other.op
    const moved = { ...stub, op: { ...stub.op, paymasterSignature } }
    expect(await attack(stack, moved)).toEqual(notSigned)
    // The terms of one policy under the signature of another.
    const { paymasterData = '0x' } = (await sponsorInParallel(stack, { ...rich, app: 'third' })).op
    expect(await attack(stack, { ...other, op: { ...other.op, paymasterData } })).toEqual(notSigned)
  })
  expect(bill).toBe(0n)
})

test('P-11 the suffix is taken whole or not at all, and by no other paymaster', async () => {
  const reverted = { chain: 'AA33', bundler: '-32501 AA33 reverted' }
  const plain = await addPlainSponsor(stack)
  const bill = await billOf(stack, 'rich', async () => {
    const mine = await sponsorInParallel(stack, rich)
    const { paymasterSignature = '0x', paymasterData = '0x' } = mine.op
    const suffix = concat([paymasterSignature, '0x0041', '0x22e325a297439656'])
    for (const changes of [
      { paymasterSignature: concat([paymasterSignature, '0x00']) },
      { paymasterSignature: slice(paymasterSignature, 0, 64) },
      // Twice, and before the data.
      { paymasterData: concat([paymasterData, suffix]) },
    ])
      expect(await attack(stack, { ...mine, op: { ...mine.op, ...changes } })).toEqual(reverted)
    // SponsorPaymaster takes what is part of the hash.
    expect(await attack(stack, { ...mine, op: { ...mine.op, paymaster: plain } })).toEqual(reverted)
  })
  expect(bill).toBe(0n)
})

test('P-11 terms that were not offered, and an operation that changed after the account signed', async () => {
  const context = { parallelSigning: true }
  const account = await newAccount(stack, entryPoint)
  const stub = await sponsor(stack, {
    ...{ ...rich, account, context, method: 'pm_getPaymasterStubData' },
  })
  const final = await signFinal(stub)
  const { paymasterData = '0x' } = stub.op
  const [policy, from, until] = [0, 16, 22].map((at, index) =>
    slice(paymasterData, at, [16, 22, 28][index]),
  ) as [Hex, Hex, Hex]
  const later = numberToHex(BigInt(until) + 600n, { size: 6 })
  const bill = await billOf(stack, 'rich', async () => {
    for (const [data, rule, numbers] of [
      [concat([policy, from, later]), 'parallel.window', /good from \d+ to \d+, expected 660 s/],
      [concat([`0x${'11'.repeat(16)}`, from, until]), 'parallel.terms', /ask it again/],
    ] as const) {
      const asked = { ...final, paymasterData: data }
      expectRefused(await ask(stack, asked, { ...rich, context }), rule, numbers)
    }
    // Signed by the account for less gas than it is sponsored for: it does not pay for itself either.
    const raised = { ...final, preVerificationGas: final.preVerificationGas + 1n }
    const answered = withFields(raised, await ask(stack, raised, { ...rich, context }))
    expect(await bundleByHand(stack, entryPoint, answered)).toBe('AA24')
    const { paymasterSignature = '0x' } = answered
    expect(await attack(stack, { ...stub, op: { ...stub.op, paymasterSignature } })).toEqual(
      notSigned,
    )
  })
  expect(bill).toBe(0n)
})

test('P-12 a signature in its other form is billed to the app that signed it', async () => {
  for (const [sign, move] of [
    [sponsorInParallel, joined],
    [sponsor, apart],
  ] as const)
    for (const { overrides, other } of companies) {
      const mine = await sign(stack, { ...rich, overrides })
      // The last one that was signed for this nonce.
      await sponsor(stack, { ...other, account: mine.account })
      await expectBilledToRich(move(mine), other.app)
    }
})

test('P-12 a signature that was renewed is billed to the app that signed it', async () => {
  const mine = await Promise.all(
    companies.map(({ overrides }) => sponsor(stack, { ...rich, overrides })),
  )
  // Less than a minute is left.
  await stack.client.increaseTime({ seconds: 560 })
  await stack.client.mine({ blocks: 1 })
  for (const [index, { overrides, other }] of companies.entries()) {
    const first = mine[index]
    if (!first) throw new RangeError('one for each')
    const { account, op } = first
    const renewed = await sponsor(stack, { ...rich, account, overrides })
    expect(renewed.op.paymasterData).not.toBe(op.paymasterData)
    await sponsor(stack, { ...other, account })
    await expectBilledToRich(first, other.app)
  }
})

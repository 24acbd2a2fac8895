import type { UserOperation } from '@fabstir/erc4337'
import { encodeFunctionData, numberToHex, slice } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rpc } from '../../fixtures/bundlerClient.ts'
import { adapterOf, encodeCalls, newAccount, newOperation } from '../paymasterFixture.ts'
import { include } from '../paymasterUsage.ts'
import type { AbuseStack } from './abuseStack.ts'
import { keyOf, startAbuseStack } from './abuseStack.ts'
import type { Asked } from './asking.ts'
import { ask, expectRefused, signFinal, sponsor, withFields } from './asking.ts'
import { billOf, books } from './bill.ts'

/** What clients write into their requests to get more than the app gives. */
const entryPoint = entryPoint08Address
const methods = ['pm_getPaymasterStubData', 'pm_getPaymasterData'] as const
const denied = '0x00000000000000000000000000000000000000d1'
let stack: AbuseStack

beforeAll(async () => {
  stack = await startAbuseStack({
    shop: {
      gasLimits: {
        callGasLimit: 200_000,
        verificationGasLimit: 700_000,
        preVerificationGas: 70_000,
      },
      senders: { deny: [denied] },
    },
    rich: {},
    spent: { caps: { global: { wei: '1', window: 'never' } } },
    ended: { time: { until: 1_700_000_000 } },
    private: { origins: ['https://shop.example'] },
  })
})
afterAll(() => stack?.close())

const url = (app: string) => `${stack.service.url}/rpc?apikey=${keyOf(app)}`
const newOp = async (overrides: Partial<UserOperation> = {}) =>
  newOperation(stack, await newAccount(stack, entryPoint), overrides)

/** Refused at both stages by the same rule with the same numbers, and nothing is held back. */
async function expectRefusedTwice(app: string, op: UserOperation, rule: string, numbers: RegExp) {
  const before = await books(stack, app)
  for (const method of methods) expectRefused(await ask(stack, op, { app, method }), rule, numbers)
  expect(await books(stack, app)).toEqual(before)
}

test.each<[string, Partial<UserOperation>, RegExp]>([
  ['gas.limit', { callGasLimit: 200_001n }, /callGasLimit 200001 is above 200000/],
  ['gas.limit', { verificationGasLimit: 700_001n }, /verificationGasLimit 700001 is above 700000/],
  ['gas.limit', { preVerificationGas: 70_001n }, /preVerificationGas 70001 is above 70000/],
  [
    'gas.max-fee',
    { maxFeePerGas: 100_000_000_001n },
    /maxFeePerGas 100000000001 wei is above 100000000000/,
  ],
  [
    'operation.cap',
    { maxFeePerGas: 100_000_000_000n },
    /may cost 83534\d{12} wei, more than 50000000000000000 wei/,
  ],
])('P-19 limits and fees of the client’s choice: %s %o', async (rule, overrides, numbers) => {
  await expectRefusedTwice('shop', await newOp(overrides), rule, numbers)
})

test.each<[string, Partial<UserOperation>, RegExp]>([
  [
    'gas.paymaster-verification',
    { paymasterVerificationGasLimit: 300_001n },
    /paymasterVerificationGasLimit 300001 is above 300000/,
  ],
  [
    'gas.paymaster-post-op',
    { paymasterPostOpGasLimit: 40_001n },
    /paymasterPostOpGasLimit 40001 is above 40000/,
  ],
])('P-20 inflated limits of the paymaster: %s', async (rule, overrides, numbers) => {
  await expectRefusedTwice('shop', await newOp(overrides), rule, numbers)
})

test('P-20 the largest limits of the paymaster are paid within what was held back', async () => {
  const overrides = { paymasterVerificationGasLimit: 300_000n, paymasterPostOpGasLimit: 40_000n }
  let paid = 0n
  const bill = await billOf(stack, 'shop', async () => {
    const mine = await sponsor(stack, { app: 'shop', overrides })
    const { reserved } = await books(stack, 'shop')
    expect(reserved).toBe(adapterOf(entryPoint).requiredPrefund(mine.op))
    paid = (await include(stack, entryPoint, await signFinal(mine))).actualGasCost
    expect(paid).toBeLessThan(reserved)
  })
  expect(bill).toBe(paid)
})

test('P-21 the client does not choose how long a signature is good', async () => {
  const op = await newOp()
  const wire = { ...adapterOf(entryPoint).toRpc(op), validUntil: '0xffffffffffff' }
  const params = [wire, entryPoint, numberToHex(foundry.id), null]
  for (const method of methods)
    expect(await rpc(url('rich'), method, params)).toMatchObject({
      error: { code: -32_602, data: { field: 'userOperation.validUntil' } },
    })
  const years = `0x${'11'.repeat(16)}000000000000ffffffffffff${'22'.repeat(65)}` as const
  const context = { validUntil: '0xffffffffffff', windowSeconds: 86_400 }
  const asked = { ...op, paymaster: stack.paymasterOf(entryPoint), paymasterData: years }
  const { paymasterData = '0x' } = withFields(op, await ask(stack, asked, { app: 'rich', context }))
  const [after, until] = [16, 22].map((at) => Number(slice(paymasterData, at, at + 6)))
  expect(Number(until) - Number(after)).toBe(660)
  const { timestamp } = await stack.client.getBlock()
  expect(Number(until)).toBeLessThanOrEqual(Math.max(Number(timestamp), Date.now() / 1_000) + 600)
})

test('P-22 what the final data would not be given for, the stub is not given for either', async () => {
  const account = await newAccount(stack, entryPoint)
  const { fab } = stack.contracts
  const transfer = encodeFunctionData({
    abi: [
      {
        type: 'function',
        name: 'transfer',
        stateMutability: 'nonpayable',
        outputs: [],
        inputs: [{ type: 'address' }, { type: 'uint256' }],
      },
    ],
    args: [denied, 1n],
  })
  const stolen = encodeCalls([{ target: fab, data: transfer }])
  for (const [app, op, rule, numbers] of [
    [
      'shop',
      newOperation(stack, account, { callData: stolen }),
      'calls.not-allowed',
      /0xa9059cbb/i,
    ],
    ['shop', newOperation(stack, account, { callData: '0xdeadbeef' }), 'calls.not-decodable', /./],
    ['shop', { ...newOperation(stack, account), sender: denied }, 'sender.denied', /0x0{38}d1/i],
    [
      'spent',
      newOperation(stack, account),
      'global.cap',
      /2506\d{12} wei more is asked, 1 of 1 wei is left/,
    ],
    ['ended', newOperation(stack, account), 'time.ended', /\d+ is after 1700000000/],
    ['private', newOperation(stack, account), 'origin.missing', /no Origin header/],
  ] as const)
    await expectRefusedTwice(app, op, rule, numbers)
})

test('P-22 a stub for little gas is no promise for much', async () => {
  const op = await newOp({ callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n })
  const stub = await ask(stack, op, { app: 'rich', method: 'pm_getPaymasterStubData' })
  const stuffed = { ...withFields(op, stub), callGasLimit: 10n ** 9n, verificationGasLimit: 1n }
  expectRefused(
    await ask(stack, stuffed, { app: 'rich' }),
    'operation.cap',
    /may cost 3\d{18} wei, more than 50000000000000000 wei/,
  )
})

test('P-23 no context names the policy of another app', async () => {
  const op = await newOp()
  const before = await books(stack, 'rich')
  const asked: Asked = { app: 'shop' }
  for (const context of [
    { policyId: 'rich' },
    { sponsorshipPolicyId: 'rich' },
    { policyId: 'rich', sponsorshipPolicyId: 'shop' },
    { policyId: 'nobody' },
    { policyId: '' },
    { policyId: 'shop ' },
  ])
    for (const method of methods)
      expectRefused(
        await ask(stack, op, { ...asked, context, method }),
        'policy.unknown',
        // The same words whether there is such a policy or not.
        new RegExp(`no policy ${context.policyId ?? context.sponsorshipPolicyId} for this key`),
      )
  for (const context of [
    { policyId: ['shop', 'rich'] },
    { policyId: { id: 'rich' } },
    { parallelSigning: 'yes' },
    { parallelSigning: true },
    { token: stack.contracts.fab },
    'rich',
    ['rich'],
  ])
    expect(await ask(stack, op, { ...asked, context })).toMatchObject({
      error: { code: -32_602, data: { field: expect.stringMatching(/^context/) } },
    })
  const params = [adapterOf(entryPoint).toRpc(op), entryPoint, ['rich', 'shop', 'nobody']]
  expect(await rpc(url('shop'), 'pm_validateSponsorshipPolicies', params)).toMatchObject({
    result: [{ sponsorshipPolicyId: 'shop' }],
  })
  // What it does not know it does not heed: the hash in the data is that of the app's own policy.
  const plain = withFields(op, await ask(stack, op, asked))
  const context = { origin: 'https://shop.example', policies: ['rich'], app: 'rich', budget: '1' }
  expect(withFields(op, await ask(stack, op, { ...asked, context }))).toEqual(plain)
  expect(await books(stack, 'rich')).toEqual(before)
})

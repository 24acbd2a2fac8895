import { getAddress } from 'viem'
import { expect, test } from 'vitest'
import type { OperationEvent } from '../chain/chainReader.ts'
import { parsePolicy } from '../policy/policy.ts'
import { testPaymaster, testPolicy, testSender } from '../testing/fixtures.ts'
import { createPolicyGate } from './policyGate.ts'
import { createRequestCounter } from './requestCounter.ts'

const other = getAddress(`0x${'ab'.repeat(20)}`)
const entryPoint = getAddress(`0x${'cd'.repeat(20)}`)

function setUp() {
  const time = { now: 1_700_000_000 }
  const gate = createPolicyGate({
    secretOf: () => undefined,
    exchange: () => Promise.reject(new Error('nobody is asked')),
    count: createRequestCounter(),
    clock: () => time.now,
  })
  return { gate, time }
}

test('senders and keys are counted each for itself and for its policy; a dry run is not counted', async () => {
  const { gate, time } = setUp()
  const rate = { user: { requests: 2, seconds: 16 }, key: { requests: 3, seconds: 160 } }
  const policy = parsePolicy(testPolicy({ rate }))
  const second = parsePolicy(testPolicy({ id: 'second', rate }))
  const take = async (
    sender = testSender,
    key = 'a',
    stage: 'stub' | 'dry-run' = 'stub',
    of = policy,
  ) => (await gate.takeRequest(of, { sender, key }, stage))?.rule
  for (let index = 0; index < 9; index++)
    expect(await take(testSender, 'a', 'dry-run')).toBeUndefined()
  expect([await take(), await take(), await take()]).toEqual([undefined, undefined, 'rate.user'])
  expect(await take(testSender, 'a', 'dry-run')).toBe('rate.user')
  // What the one rule refused was not counted by the other.
  expect(await take(other)).toBeUndefined()
  expect(await take(other)).toBe('rate.key')
  expect(await take(other, 'b')).toBeUndefined()
  expect(await take(testSender, 'a', 'stub', second)).toBeUndefined()
  time.now += 17
  expect(await take(testSender, 'b')).toBeUndefined()
  expect(await take(testSender, 'a')).toBe('rate.key')
  time.now += 170
  expect(await take(testSender, 'a')).toBeUndefined()
})

test('what senders did not use of their gas is remembered once for each operation', () => {
  const { gate, time } = setUp()
  const remembered = { operations: 1, seconds: 3_600 }
  const policy = parsePolicy(testPolicy({ unusedGas: { maxPercent: 50, remembered } }))
  const event = (nonce: bigint): OperationEvent => ({
    entryPoint,
    userOpHash: `0x${'11'.repeat(32)}`,
    sender: testSender,
    paymaster: testPaymaster,
    nonce,
    actualGasCost: 1n,
    actualGasUsed: 40n,
    success: true,
    blockNumber: 1n,
    transactionHash: `0x${'22'.repeat(32)}`,
  })
  expect(gate.gasPast(policy, testSender)).toBeUndefined()
  gate.sponsored(policy, { entryPoint, sender: testSender, nonce: 1n }, 100n)
  gate.included([event(1n), event(1n), event(2n)])
  expect(gate.gasPast(policy, testSender)).toMatchObject({ operations: 1, granted: 100, used: 40 })
  expect(gate.gasPast(policy, other)).toBeUndefined()
  gate.sponsored(policy, { entryPoint, sender: testSender, nonce: 2n }, 60n)
  gate.included([event(2n)])
  expect(gate.gasPast(policy, testSender)).toMatchObject({ operations: 2, granted: 160, used: 80 })
  const without = parsePolicy(testPolicy({ unusedGas: { maxPercent: 50 } }))
  expect(gate.gasPast(without, testSender)).toBeUndefined()
  time.now += 4_000
  expect(gate.gasPast(policy, testSender)).toMatchObject({ operations: 0 })
})

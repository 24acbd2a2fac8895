import type { Address } from 'viem'
import { encodeFunctionData, getAddress, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import type { ArgumentCondition } from '../document/callSchemas.ts'
import { checkCallScope } from './callScope.ts'
import { callTable } from './callTable.ts'

const account = getAddress(`0x5e${'00'.repeat(18)}01`)
const target = getAddress(`0x7a${'00'.repeat(18)}02`)
const other = getAddress(`0x8b${'00'.repeat(18)}03`)

const issueOf = (signature: string, condition: ArgumentCondition) =>
  callTable([{ target, functions: [signature], arguments: [condition] }]).issues[0]?.message
const transfer = (to: Address, amount: bigint) =>
  encodeFunctionData({ abi: parseAbi(['function f(address, uint256)']), args: [to, amount] })

describe('what a document may not say', () => {
  test.each<{ signature: string; condition: ArgumentCondition; message: string }>([
    {
      signature: '0xa9059cbb',
      condition: { index: 0, equals: other },
      message: 'need a signature',
    },
    {
      signature: 'f(address)',
      condition: { index: 1, equals: other },
      message: 'there is no argument 1',
    },
    {
      signature: 'f(uint)',
      condition: { index: 0, equals: '1' },
      message: 'uint256 for uint',
    },
    { signature: 'f(uint7)', condition: { index: 0, equals: '1' }, message: 'expected ABI types' },
    {
      signature: 'f(bytes33)',
      condition: { index: 0, equals: '0x' },
      message: 'expected ABI types',
    },
    {
      signature: 'f(uint256[0])',
      condition: { index: [0, '*'], max: '1' },
      message: 'a list of 1 to',
    },
    {
      signature: 'f(uint256[])',
      condition: { index: 0, max: '1' },
      message: 'is not a single value',
    },
    { signature: 'f(uint256[])', condition: { index: [0, 0], max: '1' }, message: 'expected "*"' },
    {
      signature: 'f(address)',
      condition: { index: 0, max: '1' },
      message: 'expected an unsigned number',
    },
    {
      signature: 'f(int256)',
      condition: { index: 0, min: '1' },
      message: 'expected an unsigned number',
    },
    {
      signature: 'f(address)',
      condition: { index: 0, equals: '0x12' },
      message: 'expected an address',
    },
    {
      signature: 'f(uint256)',
      condition: { index: 0, equals: 'account' },
      message: 'expected a value of uint256',
    },
    {
      signature: 'f(bytes4)',
      condition: { index: 0, equals: '0x1122' },
      message: 'expected 4 bytes',
    },
    {
      signature: 'f(bytes4)',
      condition: { index: 0, prefix: '0x1122334455' },
      message: 'is longer than bytes4',
    },
    {
      signature: 'f(uint256)',
      condition: { index: 0, prefix: '0x11' },
      message: 'expected bytes or string',
    },
    { signature: 'f(bytes)', condition: { index: 0, prefix: '0x' }, message: 'at least one byte' },
  ])('$signature with $condition: $message', ({ signature, condition, message }) => {
    expect(issueOf(signature, condition)).toContain(message)
  })

  test('an unknown type is refused without conditions, too: its selector would be of nothing', () => {
    expect(callTable([{ target, functions: ['f(uint)'] }]).issues).toHaveLength(1)
    expect(callTable([{ target, functions: ['f(bar)'] }]).issues).toHaveLength(1)
    expect(callTable([{ target, functions: ['f()', '0x', '0x11223344'] }]).issues).toEqual([])
  })
})

describe('values', () => {
  test.each<{ maxValue?: string; value: bigint; rule: string | undefined }>([
    { value: 0n, rule: undefined },
    { value: 1n, rule: 'calls.value' },
    { maxValue: '5', value: 5n, rule: undefined },
    { maxValue: '5', value: 6n, rule: 'calls.value' },
    { maxValue: 'any', value: 2n ** 200n, rule: undefined },
  ])('$value wei, at most $maxValue: $rule', ({ value, rule, ...limits }) => {
    const functions = ['f(address,uint256)', '0x']
    const { table } = callTable([{ target, functions, ...limits }])
    for (const data of [transfer(other, 1n), '0x'] as const) {
      const calls = [{ target, value, data }]
      expect(checkCallScope(table, { sender: account, calls, deploys: false })?.rule).toBe(rule)
    }
  })
})

test('entries for one function are alternatives, each with its own ceiling', () => {
  const entry = (to: Address, maxValue: string) => ({
    target,
    functions: ['f(address,uint256)'],
    arguments: [{ index: 0, equals: to }],
    maxValue,
  })
  const { table } = callTable([entry(other, '5'), entry(account, '1')])
  const rule = (to: Address, value: bigint) =>
    checkCallScope(table, {
      sender: account,
      calls: [{ target, value, data: transfer(to, 1n) }],
      deploys: false,
    })?.rule
  expect([rule(other, 5n), rule(account, 1n)]).toEqual([undefined, undefined])
  expect([rule(account, 5n), rule(target, 0n)]).toEqual(['calls.value', 'calls.argument'])
})

import fc from 'fast-check'
import type { Address, Hex } from 'viem'
import { concat, decodeFunctionData, encodeFunctionData, getAddress, parseAbi, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { ArgumentCondition } from '../document/callSchemas.ts'
import { checkCallScope } from './callScope.ts'
import { callTable } from './callTable.ts'

const account = getAddress(`0x5e${'00'.repeat(18)}01`)
const target = getAddress(`0x7a${'00'.repeat(18)}02`)
const other = getAddress(`0x8b${'00'.repeat(18)}03`)

function ruleOf(signature: string, conditions: readonly ArgumentCondition[], data: Hex) {
  const { table, issues } = callTable([
    { target, functions: [signature], arguments: [...conditions] },
  ])
  expect(issues).toEqual([])
  return checkCallScope(table, {
    sender: account,
    calls: [{ target, value: 0n, data }],
    deploys: false,
  })?.rule
}

const transfer = (to: Address, amount: bigint) =>
  encodeFunctionData({ abi: parseAbi(['function f(address, uint256)']), args: [to, amount] })
const named = 'f((address,uint8[]),string,bytes,bytes4)'
const namedAbi = parseAbi([
  'struct S { address a; uint8[] list; }',
  'function f(S s, string text, bytes data, bytes4 tag)',
])
const call = (list: readonly number[], text: string, data: Hex, tag: Hex = '0x11223344') =>
  encodeFunctionData({ abi: namedAbi, args: [{ a: account, list }, text, data, tag] })

describe('conditions', () => {
  test.each<{ name: string; conditions: ArgumentCondition[]; data: Hex; holds: boolean }>([
    {
      name: 'the account',
      conditions: [{ index: 0, equals: 'account' }],
      data: transfer(account, 1n),
      holds: true,
    },
    {
      name: 'another than the account',
      conditions: [{ index: 0, equals: 'account' }],
      data: transfer(other, 1n),
      holds: false,
    },
    {
      name: 'one of two',
      conditions: [{ index: 0, in: [other, 'account'] }],
      data: transfer(other, 1n),
      holds: true,
    },
    {
      name: 'none of two',
      conditions: [{ index: 0, in: [other, 'account'] }],
      data: transfer(target, 1n),
      holds: false,
    },
    {
      name: 'the greatest',
      conditions: [{ index: 1, max: '7' }],
      data: transfer(other, 7n),
      holds: true,
    },
    {
      name: 'more than the greatest',
      conditions: [{ index: 1, max: '7' }],
      data: transfer(other, 8n),
      holds: false,
    },
    {
      name: 'the least',
      conditions: [{ index: 1, min: '7' }],
      data: transfer(other, 7n),
      holds: true,
    },
    {
      name: 'less than the least',
      conditions: [{ index: 1, min: '7' }],
      data: transfer(other, 6n),
      holds: false,
    },
    {
      name: 'an unlimited amount',
      conditions: [{ index: 1, max: `${2n ** 255n}` }],
      data: transfer(other, 2n ** 256n - 1n),
      holds: false,
    },
    {
      name: 'a number',
      conditions: [{ index: 1, equals: '7' }],
      data: transfer(other, 7n),
      holds: true,
    },
    {
      name: 'one condition of two',
      conditions: [
        { index: 0, equals: other },
        { index: 1, max: '7' },
      ],
      data: transfer(other, 8n),
      holds: false,
    },
    {
      name: 'bytes after the end',
      conditions: [{ index: 1, max: '7' }],
      data: concat([transfer(other, 1n), '0x00']),
      holds: false,
    },
    {
      name: 'a word too few',
      conditions: [{ index: 0, equals: other }],
      data: transfer(other, 1n).slice(0, -64) as Hex,
      holds: false,
    },
    {
      name: 'an address with bits above it',
      conditions: [{ index: 1, max: '7' }],
      data: `${transfer(other, 1n).slice(0, 10)}01${transfer(other, 1n).slice(12)}` as Hex,
      holds: false,
    },
  ])('$name: $holds', ({ conditions, data, holds }) => {
    expect(ruleOf('f(address,uint256)', conditions, data)).toBe(
      holds ? undefined : 'calls.argument',
    )
  })

  test.each<{ name: string; condition: ArgumentCondition; data: Hex; holds: boolean }>([
    {
      name: 'a member of a tuple',
      condition: { index: [0, 0], equals: 'account' },
      data: call([], '', '0x'),
      holds: true,
    },
    {
      name: 'every element',
      condition: { index: [0, 1, '*'], max: '3' },
      data: call([1, 2, 3], '', '0x'),
      holds: true,
    },
    {
      name: 'one element too great',
      condition: { index: [0, 1, '*'], max: '3' },
      data: call([1, 4, 3], '', '0x'),
      holds: false,
    },
    {
      name: 'no element',
      condition: { index: [0, 1, '*'], max: '3' },
      data: call([], '', '0x'),
      holds: true,
    },
    { name: 'text', condition: { index: 1, equals: 'é' }, data: call([], 'é', '0x'), holds: true },
    {
      name: 'other text',
      condition: { index: 1, equals: 'é' },
      data: call([], 'e', '0x'),
      holds: false,
    },
    {
      name: 'the beginning of text',
      condition: { index: 1, prefix: 'gpu:' },
      data: call([], 'gpu:x', '0x'),
      holds: true,
    },
    {
      name: 'bytes',
      condition: { index: 2, in: ['0x', '0xAAbb'] },
      data: call([], '', '0xaabb'),
      holds: true,
    },
    {
      name: 'other bytes',
      condition: { index: 2, in: ['0x', '0xAAbb'] },
      data: call([], '', '0xaabbcc'),
      holds: false,
    },
    {
      name: 'the beginning of bytes',
      condition: { index: 2, prefix: '0xaabb' },
      data: call([], '', '0xaabbcc'),
      holds: true,
    },
    {
      name: 'a shorter beginning',
      condition: { index: 2, prefix: '0xaabb' },
      data: call([], '', '0xaa'),
      holds: false,
    },
    {
      name: 'bytes4',
      condition: { index: 3, equals: '0x11223344' },
      data: call([], '', '0x'),
      holds: true,
    },
    {
      name: 'the beginning of bytes4',
      condition: { index: 3, prefix: '0x1122' },
      data: call([], '', '0x'),
      holds: true,
    },
    {
      name: 'other bytes4',
      condition: { index: 3, equals: '0x11223345' },
      data: call([], '', '0x'),
      holds: false,
    },
  ])('$name: $holds', ({ condition, data, holds }) => {
    expect(ruleOf(named, [condition], data)).toBe(holds ? undefined : 'calls.argument')
  })

  test('pointers out of order hide nothing: only the canonical encoding is read', () => {
    const text = (value: string) => call([1], value, '0x')
    fc.assert(
      fc.property(
        fc.string({ maxLength: 20 }),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        (value, position, byte) => {
          const data = text(value)
          const index = 10 + 2 * (position % ((data.length - 10) / 2))
          const changed = `${data.slice(0, index)}${toHex(byte, { size: 1 }).slice(2)}${data.slice(index + 2)}`
          if (ruleOf(named, [{ index: 1, equals: value }], changed as Hex) !== undefined) return
          const { args } = decodeFunctionData({ abi: namedAbi, data: changed as Hex })
          expect(args[1]).toBe(value)
          expect(encodeFunctionData({ abi: namedAbi, args })).toBe(changed)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('a condition on numbers holds as BigInt compares', () => {
    const number = fc.bigInt(0n, 2n ** 256n - 1n)
    fc.assert(
      fc.property(number, number, (bound, given) => {
        const rule = (condition: object) =>
          ruleOf('f(address,uint256)', [{ index: 1, ...condition }], transfer(other, given))
        expect(rule({ max: `${bound}` }) === undefined).toBe(given <= bound)
        expect(rule({ min: `${bound}` }) === undefined).toBe(given >= bound)
        expect(rule({ equals: `${bound}` }) === undefined).toBe(given === bound)
      }),
    )
  })
})

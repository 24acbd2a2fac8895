import type { Entity } from '@fabstir/erc4337'
import { expect, test } from 'vitest'
import { testAddress, testPooled } from '../testing/pooledOperation.ts'
import { sortInCompany } from './sortInCompany.ts'

const factory = testAddress(90)
const paymaster = testAddress(91)

function made(n: number, op: object, staked: Entity[]) {
  const pooled = testPooled(n, { sender: testAddress(n), ...op })
  return { ...pooled, record: { staked, reads: [], writes: [] } }
}

test.each([
  { name: 'account of a staked factory', op: { factory }, staked: 'factory', rule: 'AA23' },
  { name: 'staked factory itself', op: { factory }, staked: 'factory', rule: 'AA13' },
] as const)('[EREP-020] $name, behind another of it: blamed', ({ op, staked, rule }) => {
  const operations = [made(1, op, [staked]), made(2, op, [staked])] as const
  const failure = { operation: operations[1], reason: { rule, message: rule } }
  expect(sortInCompany([failure], operations)).toEqual({ blamed: [failure], apart: [] })
})

test.each([
  { name: 'no other is of this factory', op: { factory }, other: {}, staked: true, rule: 'AA23' },
  { name: 'not staked', op: { factory }, other: { factory }, staked: false, rule: 'AA23' },
  { name: 'the paymaster fails', op: { factory }, other: { factory }, staked: true, rule: 'AA33' },
  {
    name: 'shares a paymaster',
    op: { paymaster },
    other: { paymaster },
    staked: true,
    rule: 'AA33',
  },
])('apart: $name', ({ op, other, staked, rule }) => {
  const operations = [made(1, other, []), made(2, op, staked ? ['factory'] : [])] as const
  const failure = { operation: operations[1], reason: { rule, message: rule } }
  expect(sortInCompany([failure], operations)).toEqual({ blamed: [], apart: [failure] })
})

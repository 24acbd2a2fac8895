import { defaultEntryPoint } from '@fabstir/erc4337'
import { expect, test } from 'vitest'
import { testOperation } from '../testing/pooledOperation.ts'
import { RpcError } from '../types/rpcError.ts'
import { createRejections } from './rejections.ts'

const op = (nonce: number) => testOperation({ nonce: BigInt(nonce) })
const hashOf = (nonce: number) => defaultEntryPoint.hash(op(nonce), 1)

test.each([
  {
    error: new RpcError(-32500, 'AA23 reverted', { rule: 'AA23', revertData: '0x12' }),
    rule: 'AA23',
  },
  { error: new RpcError(-32507, 'AA24 signature error'), rule: 'AA24' },
  { error: new RpcError(-32504, 'banned', { rule: 'GREP-010' }), rule: 'GREP-010' },
  { error: new RpcError(-32506, 'no aggregators'), rule: '-32506' },
])('$error.message is remembered as $rule', ({ error, rule }) => {
  const { remember, find } = createRejections(3)
  remember(op(1), defaultEntryPoint, 1, error)
  expect(find(hashOf(1))).toMatchObject({ rule, message: error.message })
})

test('a node that is away and a fault of the program say nothing about an operation', () => {
  const { remember, find } = createRejections(3)
  remember(op(1), defaultEntryPoint, 1, new RpcError(-32000, 'no answer'))
  remember(op(1), defaultEntryPoint, 1, new TypeError('fault'))
  expect(find(hashOf(1))).toBeUndefined()
})

test('the latest three are kept', () => {
  const { remember, find } = createRejections(3)
  for (const n of [1, 2, 3, 1, 4])
    remember(op(n), defaultEntryPoint, 1, new RpcError(-32500, `${n}`))
  expect([1, 2, 3, 4].filter((n) => find(hashOf(n)))).toEqual([1, 3, 4])
})

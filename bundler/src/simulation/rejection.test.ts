import type { EntryPointRevert } from '@fabstir/erc4337'
import { encodeErrorResult, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { rejectionOf } from './rejection.ts'

const failedOp = (reason: string): EntryPointRevert => ({
  kind: 'failedOp',
  opIndex: 0,
  reason,
  aaCode: reason.slice(0, 4),
  inner: undefined,
})

describe('rejectionOf', () => {
  test.each([
    { reason: 'AA10 sender already constructed', code: -32500, entity: 'factory' },
    { reason: 'AA13 initCode failed or OOG', code: -32500, entity: 'factory' },
    { reason: "AA21 didn't pay prefund", code: -32500, entity: 'account' },
    { reason: 'AA22 expired or not due', code: -32503, entity: 'account' },
    { reason: 'AA23 reverted', code: -32500, entity: 'account' },
    { reason: 'AA24 signature error', code: -32507, entity: 'account' },
    { reason: 'AA25 invalid account nonce', code: -32500, entity: 'account' },
    { reason: 'AA31 paymaster deposit too low', code: -32508, entity: 'paymaster' },
    { reason: 'AA32 paymaster expired or not due', code: -32503, entity: 'paymaster' },
    { reason: 'AA33 reverted', code: -32501, entity: 'paymaster' },
    { reason: 'AA34 signature error', code: -32507, entity: 'paymaster' },
    { reason: 'AA94 gas values overflow', code: -32500, entity: undefined },
  ])('$reason: $code', ({ reason, code, entity }) => {
    const error = rejectionOf(failedOp(reason), '0x1234')
    expect({ code: error.code, message: error.message }).toEqual({ code, message: reason })
    expect(error.data).toEqual({
      aaCode: reason.slice(0, 4),
      revertData: '0x1234',
      ...(entity ? { entity } : {}),
    })
  })

  test("the entity's own revert bytes are passed on", () => {
    const revert: EntryPointRevert = {
      kind: 'failedOp',
      opIndex: 0,
      reason: 'AA23 reverted',
      aaCode: 'AA23',
      inner: '0xdeadbeef',
    }
    expect(rejectionOf(revert, '0x1234').data).toMatchObject({ revertData: '0xdeadbeef' })
  })

  test.each([
    { text: 'dead signature', shown: 'dead signature' },
    { text: 'x'.repeat(10_000), shown: 'x'.repeat(200) },
  ])('what an entity says is repeated, within a bound', ({ text, shown }) => {
    const inner = encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: [text] })
    const revert: EntryPointRevert = { ...failedOp('AA23 reverted'), inner } as EntryPointRevert
    expect(rejectionOf(revert, '0x1234')).toMatchObject({
      message: `AA23 reverted: ${shown}`,
      data: { aaCode: 'AA23', revertData: inner },
    })
  })

  test.each([
    { revert: { kind: 'aggregator', data: '0x' }, code: -32506 },
    { revert: { kind: 'unknown', data: '0x' }, code: -32500 },
    { revert: { kind: 'message', message: 'AA94 gas values overflow' }, code: -32500 },
  ] as const)('$revert.kind: $code', ({ revert, code }) => {
    expect(rejectionOf(revert, '0x').code).toBe(code)
  })
})

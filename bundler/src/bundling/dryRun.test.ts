import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { encodeErrorResult, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import type { CallParameters, CallResult } from '../chain/reader.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { dryRun } from './dryRun.ts'

const abi = parseAbi(['error FailedOp(uint256 opIndex, string reason)'])
const executor = testAddress(9)

const failedOp = (index: number, reason: string): CallResult => ({
  ok: false,
  message: 'execution reverted',
  data: encodeErrorResult({ abi, errorName: 'FailedOp', args: [BigInt(index), reason] }),
})

/** A node on which `verdict` decides about the senders of a bundle. */
function nodeWith(verdict: (senders: Hex[]) => CallResult) {
  const calls: CallParameters[] = []
  return {
    calls,
    async call(parameters: CallParameters) {
      calls.push(parameters)
      const { ops } = defaultEntryPoint.decodeHandleOps(parameters.data) ?? { ops: [] }
      return verdict(ops.map(({ sender }) => sender))
    },
  }
}

const operations = (...numbers: number[]): PooledOperation[] =>
  numbers.map((n) => testPooled(n, { sender: testAddress(n) }))
const run = (node: ReturnType<typeof nodeWith>, ops: PooledOperation[]) =>
  dryRun(node, { entryPoint: defaultEntryPoint, operations: ops, executor })
const hashes = (ops: readonly PooledOperation[]) => ops.map(({ hash }) => hash)

describe('dryRun', () => {
  test('a bundle that passes takes one call from the executor', async () => {
    const node = nodeWith(() => ({ ok: true, data: '0x' }))
    const result = await run(node, operations(1, 2))
    expect(hashes(result.passing)).toEqual([testHash(1), testHash(2)])
    expect(node.calls).toMatchObject([{ from: executor, to: defaultEntryPoint.address }])
  })

  test('FailedOp takes out the operation it names and nothing else', async () => {
    const node = nodeWith((senders) => {
      const bad = senders.indexOf(testAddress(2))
      return bad < 0 ? { ok: true, data: '0x' } : failedOp(bad, 'AA23 reverted')
    })
    const result = await run(node, operations(1, 2, 3))
    expect(hashes(result.passing)).toEqual([testHash(1), testHash(3)])
    expect(result.failures).toMatchObject([
      { operation: { hash: testHash(2) }, reason: { rule: 'AA23', message: 'AA23 reverted' } },
    ])
    expect(result.undecided).toEqual([])
  })

  test('a revert that names nobody is isolated by halving, and evicts no other', async () => {
    const node = nodeWith((senders) =>
      senders.includes(testAddress(3))
        ? { ok: false, data: '0x', message: 'out of gas' }
        : { ok: true, data: '0x' },
    )
    const first = await run(node, operations(1, 2, 3, 4))
    expect(hashes(first.passing)).toEqual([testHash(1), testHash(2)])
    expect(hashes(first.undecided)).toEqual([testHash(3), testHash(4)])
    expect(first.failures).toEqual([])

    const second = await run(node, operations(3, 4))
    expect(second.failures).toMatchObject([
      { operation: { hash: testHash(3) }, reason: { rule: 'bundleReverts' } },
    ])
    expect(hashes(second.undecided)).toEqual([testHash(4)])
  })

  test.each([
    { name: 'first in its bundle', order: [2, 1], alone: 'fails', phase: 'secondValidation' },
    { name: 'behind others and alone', order: [1, 2], alone: 'fails', phase: 'secondValidation' },
    { name: 'behind others only', order: [1, 2], alone: 'passes', phase: 'bundleCreation' },
  ])('[GREP-040] one that fails $name: $phase', async ({ order, alone, phase }) => {
    const node = nodeWith((senders) => {
      const bad = senders.indexOf(testAddress(2))
      if (bad < 0 || (senders.length === 1 && alone === 'passes')) return { ok: true, data: '0x' }
      return failedOp(bad, senders.length === 1 ? 'AA23 alone' : 'AA23 in the bundle')
    })
    const result = await run(node, operations(...order))
    const message = order[0] === 1 && alone === 'fails' ? 'AA23 alone' : 'AA23 in the bundle'
    expect(result.failures).toMatchObject([{ phase, reason: { rule: 'AA23', message } }])
    expect(hashes(result.passing)).toEqual([testHash(1)])
  })

  test('behind an operation of its own sender nobody is blamed, and it may pass later', async () => {
    const key = testPooled(2, { sender: testAddress(1), nonce: 1n << 64n })
    const node = nodeWith((senders) =>
      senders.length > 1 ? failedOp(1, "AA21 didn't pay prefund") : { ok: true, data: '0x' },
    )
    const result = await run(node, [...operations(1), key])
    expect(result.failures).toMatchObject([{ operation: key, amongSiblings: true }])
    expect(result.failures[0]?.phase).toBeUndefined()
    expect(node.calls).toHaveLength(2)
  })

  test('what comes after a failed one on its nonce key is not tried without it', async () => {
    const sender = testAddress(2)
    const [first, second, other] = [
      testPooled(2, { sender, nonce: 0n }),
      testPooled(3, { sender, nonce: 1n }),
      testPooled(4, { sender, nonce: 1n << 64n }),
    ]
    const node = nodeWith((senders) =>
      senders.length === 3 ? failedOp(0, 'AA24') : { ok: true, data: '0x' },
    )
    const result = await run(node, [first, second, other])
    expect(result.failures).toMatchObject([{ operation: first }])
    expect(result.undecided).toEqual([second])
    expect(result.passing).toEqual([other])
  })

  test('when the runs are used up the rest waits', async () => {
    const node = nodeWith(() => failedOp(0, 'AA21'))
    const many = operations(...Array.from({ length: 20 }, (_, n) => n + 1))
    const result = await run(node, many)
    expect(result.failures).toHaveLength(12)
    expect(result.undecided).toHaveLength(8)
    expect(result.passing).toEqual([])
    expect(node.calls).toHaveLength(12)
  })

  test('an index beyond the bundle accuses nobody', async () => {
    const node = nodeWith((senders) =>
      senders.length > 1 ? failedOp(7, 'AA21') : { ok: true, data: '0x' },
    )
    const result = await run(node, operations(1, 2))
    expect(hashes(result.passing)).toEqual([testHash(1)])
    expect(hashes(result.undecided)).toEqual([testHash(2)])
  })

  test('a delegation to come is there as code', async () => {
    const node = nodeWith(() => ({ ok: true, data: '0x' }))
    const eip7702Auth = {
      chainId: 1,
      address: testAddress(44),
      nonce: 0,
      yParity: 0,
      r: testHash(1),
      s: testHash(2),
    }
    await run(node, [testPooled(1, { eip7702Auth })])
    expect(node.calls[0]?.stateOverride).toEqual({
      [testAddress(1)]: { code: `0xef0100${testAddress(44).slice(2)}` },
    })
  })
})

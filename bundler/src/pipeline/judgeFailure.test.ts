import type { Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { OperationFailure } from '../bundling/dryRun.ts'
import { testHash, testPooled } from '../testing/pooledOperation.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'
import { judgeFailure } from './judgeFailure.ts'

const inclusion: Inclusion = {
  hash: testHash(1),
  transactionHash: testHash(2),
  block: { number: 3, hash: testHash(4) },
  success: true,
  receipt: {},
}

/** Judges operation 1 with nonce 5 that failed by `rule`. */
function judge(
  rule: string,
  parts: {
    onChain?: Inclusion
    nextNonce?: bigint
    validAfter?: number
    unsettled?: ReadonlySet<Hex> | undefined
    failure?: Partial<OperationFailure>
  } = {},
) {
  const { onChain, nextNonce = 5n, validAfter = 0 } = parts
  const unsettled = 'unsettled' in parts ? parts.unsettled : new Set<Hex>()
  return judgeFailure(
    {
      reader: {
        call: async ({ blockTag }) => {
          // What later blocks say about the nonce is not known to be final.
          expect(blockTag).toBe('0x3')
          return { ok: true, data: `0x${nextNonce.toString(16).padStart(64, '0')}` }
        },
      },
      findInclusionOnChain: async () => onChain,
      head: { number: 3, timestamp: 1_000 },
      unsettled,
    },
    {
      operation: testPooled(1, { nonce: 5n }, { validAfter }),
      reason: { rule, message: `${rule} …` },
      ...parts.failure,
    },
  )
}

describe('judgeFailure', () => {
  test('a drop says in which phase it failed', async () => {
    const { update } = await judge('AA23', { failure: { phase: 'bundleCreation' } })
    expect(update).toMatchObject({ type: 'dropped', phase: 'bundleCreation' })
  })

  test('one that failed behind its own siblings waits, whatever the code', async () => {
    const { update } = await judge('AA21', { failure: { amongSiblings: true } })
    expect(update.type).toBe('failed')
  })

  test.each(['AA10', 'AA25'])('%s: on chain already, so it is included', async (rule) => {
    expect(await judge(rule, { onChain: inclusion })).toEqual({
      update: {
        type: 'included',
        hash: testHash(1),
        transactionHash: testHash(2),
        blockNumber: 3,
        success: true,
      },
      inclusion,
    })
  })

  test.each(['AA10', 'AA25'])('%s: on chain in a block not settled yet: it waits', async (rule) => {
    const onChain = { ...inclusion, block: { number: 4, hash: testHash(5) } }
    const judged = await judge(rule, { onChain, nextNonce: 6n })
    expect(judged.update.type).toBe('failed')
    expect(judged.inclusion).toBeUndefined()
  })

  test.each(['AA10', 'AA21', 'AA23', 'AA24', 'AA25', 'AA31', 'bundleReverts', 'OP-011'])(
    '%s: in a block that is not settled, or nobody can tell: it waits',
    async (rule) => {
      for (const unsettled of [new Set([testHash(1)]), undefined]) {
        const judged = await judge(rule, { unsettled, nextNonce: 6n })
        expect(judged.update.type).toBe('failed')
      }
      const others = new Set([testHash(2)])
      expect((await judge(rule, { unsettled: others, nextNonce: 6n })).update.type).toBe('dropped')
    },
  )

  test.each([
    { nextNonce: 4n, type: 'failed' },
    { nextNonce: 5n, type: 'failed' },
    { nextNonce: 6n, type: 'dropped' },
  ])('AA25 with nonce 5 where the account is at $nextNonce: $type', async ({ nextNonce, type }) => {
    expect((await judge('AA25', { nextNonce })).update.type).toBe(type)
  })

  test.each([
    { rule: 'AA22', validAfter: 1_000, type: 'failed' },
    { rule: 'AA22', validAfter: 999, type: 'dropped' },
    { rule: 'AA32', validAfter: 1_000, type: 'failed' },
  ])('$rule, valid after $validAfter, at 1000: $type', async ({ rule, validAfter, type }) => {
    expect((await judge(rule, { validAfter })).update.type).toBe(type)
  })

  test.each([
    { rule: 'AA95', type: 'failed' },
    { rule: 'AA21', type: 'dropped' },
    { rule: 'AA23', type: 'dropped' },
    { rule: 'AA31', type: 'dropped' },
    { rule: 'bundleReverts', type: 'dropped' },
    { rule: 'eip7702Nonce', type: 'dropped' },
  ])('$rule: $type', async ({ rule, type }) => {
    expect((await judge(rule)).update.type).toBe(type)
  })
})

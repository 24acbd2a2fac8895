import { defaultEntryPoint } from '@fabstir/erc4337'
import { Registry } from 'prom-client'
import { beforeEach, describe, expect, test } from 'vitest'
import { testHash, testPooled } from '../../testing/pooledOperation.ts'
import { RpcError } from '../../types/rpcError.ts'
import type { OperationMetrics } from './operationMetrics.ts'
import { operationMetrics } from './operationMetrics.ts'
import { sampleOf } from './testing/sampleOf.ts'

let registry: Registry
let metrics: OperationMetrics
let now = 0
const sample = (name: string, labels?: Record<string, string>) => sampleOf(registry, name, labels)

beforeEach(() => {
  registry = new Registry()
  now = 0
  metrics = operationMetrics(registry, { now: () => now, elapsed: () => 0 })
})

const added = (n: number) => ({ type: 'operationAdded', operation: testPooled(n) }) as const
const included = (n: number, success = true) =>
  ({
    type: 'operationIncluded',
    inclusion: {
      ...{ hash: testHash(n), transactionHash: testHash(50), success, receipt: {} },
      block: { number: 1, hash: testHash(51) },
    },
  }) as const

describe('operationMetrics', () => {
  test('the time from admission to the chain, in seconds', async () => {
    metrics.journaled([added(500)])
    now = 2_500
    metrics.journaled([included(500, false)])
    expect(
      await sample('operations_admitted_total', { entry_point: defaultEntryPoint.version }),
    ).toBe(1)
    expect(await sample('operations_included_total', { success: 'false' })).toBe(1)
    expect(await sample('operation_inclusion_seconds_sum')).toBe(2)
  })

  test('one whose admission was not seen has no such time', async () => {
    metrics.journaled([included(1)])
    expect(await sample('operations_included_total', { success: 'true' })).toBe(1)
    expect(await sample('operation_inclusion_seconds_count')).toBe(0)
  })

  test('who leaves the pool is counted by rule, the replaced one as well', async () => {
    metrics.journaled([
      { ...added(2), replaces: testHash(1) },
      { type: 'operationDropped', hash: testHash(2), reason: { rule: 'AA23', message: 'x' } },
      { type: 'inclusionUndone', hash: testHash(3) },
    ])
    expect(await sample('operations_dropped_total', { rule: 'replaced' })).toBe(1)
    expect(await sample('operations_dropped_total', { rule: 'AA23' })).toBe(1)
    expect(await sample('operations_reorged_total')).toBe(1)
  })

  test('refusals are counted by rule and code', async () => {
    metrics.rejected(new RpcError(-32502, 'x', { rule: 'OP-011' }))
    metrics.rejected(new RpcError(-32000, 'x', { reason: 'nodeUnavailable' }))
    metrics.rejected(new Error('x'))
    const total = 'operations_rejected_total'
    expect(await sample(total, { rule: 'OP-011', code: '-32502' })).toBe(1)
    expect(await sample(total, { rule: 'nodeUnavailable', code: '-32000' })).toBe(1)
    expect(await sample(total, { rule: 'other', code: 'internal' })).toBe(1)
  })

  test('whoever could choose rules could not fill the memory with them', async () => {
    for (let n = 0; n < 1_000; n++) metrics.rejected(new RpcError(-1, 'x', { rule: `r${n}` }))
    metrics.rejected(new RpcError(-1, 'x', { rule: 'x'.repeat(41) }))
    metrics.rejected(new RpcError(-1, 'x', { rule: 'a"} 1\nb 2' }))
    const lines = (await registry.metrics()).match(/^fabstir_bundler_operations_rejected_total\{/gm)
    expect(lines).toHaveLength(201)
    expect(await sample('operations_rejected_total', { rule: 'other', code: '-1' })).toBe(802)
  })
})

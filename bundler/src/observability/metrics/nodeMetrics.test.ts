import { Registry } from 'prom-client'
import { beforeEach, describe, expect, test } from 'vitest'
import { ChainError } from '../../types/chainError.ts'
import { RpcError } from '../../types/rpcError.ts'
import { aroundReader } from '../around/aroundReader.ts'
import { nodeMetrics } from './nodeMetrics.ts'
import { sampleOf } from './testing/sampleOf.ts'

let registry: Registry
const sample = (name: string, labels?: Record<string, string>) => sampleOf(registry, name, labels)

beforeEach(() => {
  registry = new Registry()
})

/** A node that gives `answer` to everything, 250 ms later each time. */
function watched(answer: () => Promise<unknown>) {
  let elapsed = 0
  const clock = { now: () => 0, elapsed: () => (elapsed += 250) }
  const node = {
    request: answer,
    batch: async () => (await answer()) as unknown[],
    call: async () => ({ ok: true, data: (await answer()) as `0x${string}` }) as const,
  }
  return aroundReader(node, nodeMetrics(registry, clock))
}

describe('nodeMetrics', () => {
  test('a request is timed and counted by its method', async () => {
    const reader = watched(async () => '0x1')
    await reader.request('eth_chainId', [])
    await reader.call({ to: '0x1', data: '0x' })
    for (const method of ['eth_chainId', 'eth_call']) {
      expect(await sample('node_requests_total', { method, outcome: 'ok' })).toBe(1)
      expect(await sample('node_request_seconds_sum', { method })).toBe(0.25)
    }
  })

  test('the newest block is the one that the node calls latest, alone or in a batch', async () => {
    let number = '0xa'
    const reader = watched(async () => ({ number }))
    await reader.request('eth_getBlockByNumber', ['latest', false])
    number = '0x1'
    await reader.request('eth_getBlockByNumber', ['0x1', false])
    expect(await sample('node_head_block')).toBe(10)
    const requests = [{ method: 'eth_getBlockByNumber', params: ['latest', false] }]
    await watchedBatch([{ number: '0xb' }]).batch(requests)
    expect(await sample('node_head_block')).toBe(11)
  })

  /** Shares the metrics of `registry`, which can be made once only. */
  function watchedBatch(results: unknown[]) {
    registry = new Registry()
    return watched(async () => results)
  }

  test('requests of a batch are counted each by its own result, and timed together', async () => {
    const reverted = new ChainError('eth_call', 3, 'execution reverted', '0x')
    const refused = new ChainError('eth_getLogs', -32005, 'too many')
    const reader = watchedBatch(['0x1', reverted, refused])
    const methods = ['eth_getCode', 'eth_call', 'eth_getLogs']
    await reader.batch(methods.map((method) => ({ method, params: [] })))
    const total = 'node_requests_total'
    expect(await sample(total, { method: 'eth_getCode', outcome: 'ok' })).toBe(1)
    expect(await sample(total, { method: 'eth_call', outcome: 'ok' })).toBe(1)
    expect(await sample(total, { method: 'eth_getLogs', outcome: 'error' })).toBe(1)
    expect(await sample('node_request_seconds_count', { method: 'batch' })).toBe(1)
  })

  test.each([
    { outcome: 'unavailable', error: new RpcError(-32000, 'the node did not answer') },
    { outcome: 'error', error: new ChainError('eth_getCode', -32602, 'no such block') },
  ])('an answer that fails is $outcome, and fails', async ({ outcome, error }) => {
    const reader = watched(() => Promise.reject(error))
    await expect(reader.request('eth_getCode', [])).rejects.toBe(error)
    expect(await sample('node_requests_total', { method: 'eth_getCode', outcome })).toBe(1)
  })
})

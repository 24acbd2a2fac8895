import { afterEach, describe, expect, test, vi } from 'vitest'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { testMempool, testReputation } from '../testing/pool.ts'
import { testAddress, testHash, testOperation } from '../testing/pooledOperation.ts'
import { RpcError } from '../types/rpcError.ts'
import type { TracedCall, TraceSource } from '../validation/trace/trace.ts'
import type { Observability } from './observability.ts'
import { createObservability } from './observability.ts'

const node = { request: async () => '0x0', batch: vi.fn(), call: vi.fn() }
const logger = { error: vi.fn() }
const running: Observability[] = []

async function observability(config: { metricsPort?: number; otlpEndpoint?: string } = {}) {
  const options = { metricsPort: undefined, otlpEndpoint: undefined, ...config }
  const created = await createObservability({
    config: { host: '127.0.0.1', ...options },
    ...{ node, logger },
  })
  running.push(created)
  return created
}
afterEach(async () => {
  for (const one of running.splice(0)) await one.close()
})

const source: TraceSource = {
  name: 'local',
  trace: async () => ({
    frames: [],
    preimages: [],
    slotValues: [],
    result: { ok: true, data: '0x' },
  }),
  close: async () => undefined,
}
const call: TracedCall = {
  ...{ from: testAddress(1), to: testAddress(2), data: '0x', gas: 1n, stateOverride: {} },
  blockTag: 'latest',
}

describe('createObservability', () => {
  test('without options every part is left as it is', async () => {
    const { reader, dryRunReader, ...around } = await observability()
    const store = createMemoryStore()
    const work = async () => testHash(1)
    const sender = { send: async () => ({ type: 'accepted' }) as const }
    expect([reader, dryRunReader]).toEqual([node, node])
    expect(around.store(store)).toBe(store)
    expect(around.sender(sender)).toBe(sender)
    expect(around.traceSource(source)).toBe(source)
    expect(around.admit(work, () => testHash(1))).toBe(work)
    expect(around.dispatch(work)).toBe(work)
  })

  test('traces are timed by their source, and refusals counted', async () => {
    const measured = await observability({ metricsPort: 0 })
    const url = await measured.start({
      chainId: 1,
      entryPoints: [],
      mempool: testMempool(),
      bundles: { inFlight: () => [] },
      executors: { addresses: () => [] },
      reputation: testReputation(),
      head: () => undefined,
    })
    const traced = measured.traceSource(source)
    const lost = measured.traceSource({ ...source, trace: () => Promise.reject(new Error('lost')) })
    await traced.trace(call)
    await expect(lost.trace(call)).rejects.toThrow('lost')
    const refusal = new RpcError(-32502, 'x', { rule: 'OP-011' })
    const admit = measured.admit(
      () => Promise.reject(refusal),
      () => testHash(1),
    )
    await expect(admit(testOperation(), {} as never)).rejects.toBe(refusal)

    const text = await (await fetch(url ?? '')).text()
    expect(text).toContain('fabstir_bundler_trace_seconds_count{source="local"} 2')
    expect(text).toContain('fabstir_bundler_trace_failures_total{source="local"} 1')
    expect(text).toContain('operations_rejected_total{rule="OP-011",code="-32502"} 1')
  })

  test('a collector that is away holds nothing up', async () => {
    const { reader, dispatch, close } = await observability({ otlpEndpoint: 'http://127.0.0.1:1' })
    const answer = dispatch(async (_method: string) => reader.request('eth_chainId', []))
    expect(await answer('eth_chainId')).toBe('0x0')
    await expect(close()).resolves.toBeUndefined()
  })
})

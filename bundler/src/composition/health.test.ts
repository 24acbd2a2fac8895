import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { health } from '../rpc/plugins/health.ts'
import { openStore } from '../store/openStore.ts'
import type { Store } from '../store/store.ts'
import { testBlock } from '../testing/bundle.ts'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import { RpcError } from '../types/rpcError.ts'
import { healthChecks } from './health.ts'

const least = 1_000n
let folder: string
let store: Store
/** What the node answers by method. */
let answers: Record<string, () => unknown>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fabstir-health-'))
  const location = { kind: 'sqlite', path: join(folder, 'store.sqlite') } as const
  store = await openStore(location, { chainId: 1, genesisHash: testHash(1) })
  const block = { number: '0x64', timestamp: '0x3e8', gasLimit: '0x1', hash: testHash(1) }
  answers = {
    eth_getBlockByNumber: () => block,
    eth_syncing: () => false,
    eth_getBalance: () => `0x${least.toString(16)}`,
  }
})

afterEach(async () => {
  await store.close().catch(() => undefined)
  await rm(folder, { recursive: true })
})

async function ask(path: '/health' | '/ready') {
  const app = Fastify()
  await app.register(
    health,
    healthChecks({
      config: { minExecutorBalance: least, maxHeadAge: 0 },
      reader: { request: async (method) => answers[method]?.() },
      store,
      executors: { addresses: () => [testAddress(1), testAddress(2)] },
      head: () => testBlock(100),
      now: () => 0,
      timeoutMs: 30,
    }),
  )
  const response = await app.inject({ method: 'GET', url: path })
  await app.close()
  return { status: response.statusCode, body: response.json() }
}

const fine = { store: 'ok', node: 'ok', executors: 'ok' }

describe('GET /health and GET /ready', () => {
  test('all is well', async () => {
    expect(await ask('/health')).toEqual({
      status: 200,
      body: { ok: true, checks: { store: 'ok' } },
    })
    expect(await ask('/ready')).toEqual({ status: 200, body: { ok: true, checks: fine } })
  })

  test('a store that cannot be written makes the process unsound', async () => {
    await store.close()
    for (const path of ['/health', '/ready'] as const) {
      const { status, body } = await ask(path)
      expect(status).toBe(503)
      expect(body.ok).toBe(false)
      expect(body.checks.store).not.toBe('ok')
    }
  })

  test.each([
    {
      what: 'a node that is away',
      method: 'eth_getBlockByNumber',
      answer: () => {
        throw new RpcError(-32000, 'the node did not answer eth_getBlockByNumber: ECONNREFUSED')
      },
      checks: { ...fine, node: 'the node did not answer eth_getBlockByNumber: ECONNREFUSED' },
    },
    {
      what: 'a node that hangs',
      method: 'eth_getBlockByNumber',
      answer: () => new Promise(() => undefined),
      checks: { ...fine, node: 'no answer within 30 ms' },
    },
    {
      what: 'a node that is syncing',
      method: 'eth_syncing',
      answer: () => ({ currentBlock: '0x1' }),
      checks: { ...fine, node: 'the node is syncing' },
    },
    {
      what: 'executors without funds',
      method: 'eth_getBalance',
      answer: () => '0x3e7',
      checks: { ...fine, executors: 'none of the 2 executors has 1000 wei' },
    },
  ])('$what: sound, but not ready', async ({ method, answer, checks }) => {
    answers[method] = answer
    expect((await ask('/health')).status).toBe(200)
    expect(await ask('/ready')).toEqual({ status: 503, body: { ok: false, checks } })
  })
})

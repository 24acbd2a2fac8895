import type { EntryPointAdapter, EntryPointVersion } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { testAddress, testHash } from '../../testing/pooledOperation.ts'
import { ethMethods } from '../methods/eth.ts'
import { ownMethods } from '../methods/own.ts'
import { pimlicoMethods } from '../methods/pimlico.ts'
import { subscriptionMethods } from '../methods/subscriptions.ts'
import { createServer } from '../server.ts'
import { testWebSocket } from './testServer.ts'

function entryPointOf(version: EntryPointVersion): EntryPointAdapter {
  const found = entryPointAdapters.find((adapter) => adapter.version === version)
  if (!found) throw new RangeError(`no EntryPoint ${version}`)
  return found
}

export const entryPoint07 = entryPointOf('0.7')
export const entryPoint08 = entryPointOf('0.8')
/** All but EntryPoint 0.8. */
export const supported = [entryPointOf('0.6'), entryPoint07, entryPointOf('0.9')]

/**
 * A server with all public methods for the tests of a file, new for each of them; what it is made of are mocks. It
 * answers without a port.
 */
export function serveMethods() {
  const mocks = {
    onUnexpected: vi.fn(),
    admitUserOperation: vi.fn(async (): Promise<Hex> => testHash(1)),
    findReceipt: vi.fn(async (): Promise<Record<string, unknown> | undefined> => undefined),
    check: vi.fn(async (): Promise<true | string> => true),
  }
  const { onUnexpected, admitUserOperation, findReceipt, check } = mocks
  const price = { maxFeePerGas: 20n, maxPriorityFeePerGas: 1n }
  const open = () =>
    createServer({
      methods: {
        ...ethMethods({
          chainId: 31_337,
          entryPoints: supported,
          admitUserOperation,
          estimateGas: async (op) => ({
            preVerificationGas: 50_000n,
            verificationGasLimit: 0x123n,
            callGasLimit: op.callGasLimit,
            paymasterPostOpGasLimit: undefined,
          }),
          findUserOperation: async () => undefined,
          findReceipt,
        }),
        ...pimlicoMethods({
          gasPrice: async () => ({ slow: price, standard: price, fast: price }),
          statusOf: async () => ({ status: 'not_found', transactionHash: null }),
          entryPoints: supported,
          sendNow: async () => ({ success: true }),
        }),
        ...ownMethods({
          entryPoints: supported,
          explain: async () => ({ stage: 'waiting', numbers: { maxFeePerGas: 10n ** 30n } }),
          drop: async () => true,
          admitBoosted: async () => testHash(2),
          boostSenders: new Set([testAddress(7)]),
        }),
        ...subscriptionMethods({ entryPoints: supported }),
      },
      health: { live: { store: check }, ready: { node: check } },
      maxBody: 400_000,
      maxBatch: 3,
      maxBatchAnswer: 100_000,
      requestTimeoutMs: 200,
      access: { apiKeys: new Map(), now: Date.now },
      webSocket: testWebSocket(),
      onUnexpected,
    })

  let app: Awaited<ReturnType<typeof open>>
  beforeEach(async () => {
    vi.clearAllMocks()
    app = await open()
  })
  afterEach(() => app.close())

  async function post(payload: string, contentType = 'application/json', url = '/') {
    const headers = { 'content-type': contentType }
    const response = await app.inject({ method: 'POST', url, headers, payload })
    return { status: response.statusCode, body: response.body ? response.json() : undefined }
  }
  async function call(method: string, params: unknown[] = []) {
    const { status, body } = await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
    expect(status).toBe(200)
    return body
  }
  return { ...mocks, app: () => app, post, call }
}

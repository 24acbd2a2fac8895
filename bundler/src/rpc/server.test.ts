import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { FastifyInstance } from 'fastify'
import type { Hex } from 'viem'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { testAddress, testHash, testOperation } from '../testing/pooledOperation.ts'
import { ChainError } from '../types/chainError.ts'
import { RpcError } from '../types/rpcError.ts'
import { ethMethods } from './methods/eth.ts'
import { ownMethods } from './methods/own.ts'
import { pimlicoMethods } from './methods/pimlico.ts'
import { subscriptionMethods } from './methods/subscriptions.ts'
import { createServer } from './server.ts'
import { testWebSocket } from './testing/testServer.ts'

const [entryPoint06, entryPoint07, entryPoint08, entryPoint09] = entryPointAdapters
if (!entryPoint06 || !entryPoint07 || !entryPoint08 || !entryPoint09) throw new Error('four')
const supported = [entryPoint06, entryPoint07, entryPoint09]

let app: FastifyInstance
const onUnexpected = vi.fn()
const admitUserOperation = vi.fn(async (): Promise<Hex> => testHash(1))
const findReceipt = vi.fn(async (): Promise<Record<string, unknown> | undefined> => undefined)
const admitBoosted = vi.fn(async (): Promise<Hex> => testHash(2))
const drop = vi.fn(async () => true)
const check = vi.fn(async (): Promise<true | string> => true)

beforeEach(async () => {
  vi.clearAllMocks()
  const price = { maxFeePerGas: 20n, maxPriorityFeePerGas: 1n }
  app = await createServer({
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
        drop,
        admitBoosted,
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
})
afterEach(() => app.close())

async function post(payload: string, contentType = 'application/json', url = '/') {
  const response = await app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': contentType },
    payload,
  })
  return { status: response.statusCode, body: response.body ? response.json() : undefined }
}

async function call(method: string, params: unknown[] = []) {
  const { status, body } = await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
  expect(status).toBe(200)
  return body
}

describe('JSON-RPC', () => {
  test.each(['/', '/rpc'])('POST %s answers, with the id of the request', async (url) => {
    const request = '{"jsonrpc":"2.0","id":"a","method":"eth_chainId"}'
    expect(await post(request, 'application/json; charset=utf-8', url)).toEqual({
      status: 200,
      body: { jsonrpc: '2.0', id: 'a', result: '0x7a69' },
    })
  })

  test('a batch is answered in its order, failures beside results', async () => {
    const batch = ['eth_chainId', 'no_such', 'eth_supportedEntryPoints'].map((method, id) => ({
      jsonrpc: '2.0',
      id,
      method,
      params: [],
    }))
    expect((await post(JSON.stringify(batch))).body).toMatchObject([
      { id: 0, result: '0x7a69' },
      { id: 1, error: { code: -32601 } },
      { id: 2, result: supported.map(({ address }) => address) },
    ])
  })

  test('a notification has no answer, alone and in a batch', async () => {
    const silent = { jsonrpc: '2.0', method: 'eth_chainId' }
    expect(await post(JSON.stringify(silent))).toEqual({ status: 204, body: undefined })
    const { body } = await post(JSON.stringify([silent, { ...silent, id: 5 }]))
    expect(body).toEqual([{ jsonrpc: '2.0', id: 5, result: '0x7a69' }])
  })

  test.each([
    { name: 'half a request', payload: '{"jsonrpc":"2.0",', code: -32700 },
    { name: 'nothing', payload: '', code: -32700 },
    { name: 'a number', payload: '7', code: -32600 },
    { name: 'null', payload: 'null', code: -32600 },
    { name: 'an empty batch', payload: '[]', code: -32600 },
    { name: 'a batch of four, three allowed', payload: '[1,2,3,4]', code: -32600 },
    { name: 'no version', payload: '{"id":1,"method":"eth_chainId"}', code: -32600 },
    {
      name: 'a method that is no string',
      payload: '{"jsonrpc":"2.0","id":1,"method":7}',
      code: -32600,
    },
    {
      name: 'params by name',
      payload: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{}}',
      code: -32602,
    },
    {
      name: 'an unknown method',
      payload: '{"jsonrpc":"2.0","id":1,"method":"eth_x"}',
      code: -32601,
    },
    {
      name: 'a name of Object.prototype',
      payload: '{"jsonrpc":"2.0","id":1,"method":"constructor"}',
      code: -32601,
    },
  ])('$name: $code', async ({ payload, code }) => {
    const { status, body } = await post(payload)
    expect(status).toBe(200)
    expect(body.error.code).toBe(code)
  })

  test('a body that is too large is refused with 413', async () => {
    const { status, body } = await post(JSON.stringify('x'.repeat(400_001)))
    expect(status).toBe(413)
    expect(body.error).toMatchObject({
      code: -32600,
      message: 'the body is larger than 400000 bytes',
    })
  })

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'multipart/x',
  ])('content type %s is refused with 415', async (contentType) => {
    const { status, body } = await post('{}', contentType)
    expect(status).toBe(415)
    expect(body.error.code).toBe(-32600)
  })

  test.each([
    { method: 'GET', url: '/' },
    { method: 'PUT', url: '/' },
    { method: 'DELETE', url: '/rpc' },
    { method: 'GET', url: '/../../etc/passwd' },
    { method: 'GET', url: '/%2e%2e/%2e%2e/etc/passwd' },
    { method: 'POST', url: '/rpc/../health' },
  ] as const)('$method $url says where JSON-RPC is', async ({ method, url }) => {
    const response = await app.inject({ method, url })
    expect(response.statusCode).toBe(404)
    expect(response.json().error.message).toContain('POST /')
  })

  test('JSON nested 60,000 levels deep is a wrong parameter like others', async () => {
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`
    const payload = `{"jsonrpc":"2.0","id":1,"method":"eth_getUserOperationReceipt","params":[${deep}]}`
    const { body } = await post(payload)
    expect(body.error).toMatchObject({ code: -32602, data: { field: 'userOpHash' } })
    expect((await post(deep)).body).toMatchObject([{ error: { code: -32600 } }])
    expect(onUnexpected).not.toHaveBeenCalled()
  })

  test('keys that name the prototype are fields like others, and change nothing', async () => {
    const operation = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`
    for (const params of [
      `[${operation},"${entryPoint07.address}"]`,
      `[{},"${entryPoint07.address}",${operation}]`,
    ]) {
      const method = 'eth_estimateUserOperationGas'
      const { body } = await post(
        `{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`,
      )
      expect(body.error.code).toBe(-32602)
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  describe.each([
    { name: 'a body', sent: 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{' },
    { name: 'headers', sent: 'POST / HTTP/1.1\r\nhost: x\r\n' },
  ])('a client that never finishes $name', ({ sent }) => {
    async function beginRequest() {
      await app.listen({ host: '127.0.0.1', port: 0 })
      const { port } = app.server.address() as AddressInfo
      const client = connect(port, '127.0.0.1', () => client.write(sent))
      client.resume()
      const closed = once(client, 'close')
      await once(client, 'connect')
      return { closed }
    }

    test('is cut off', async () => {
      const { closed } = await beginRequest()
      expect(await closed).toBeDefined()
    })

    test('cannot hold up the end', async () => {
      const { closed } = await beginRequest()
      await app.close()
      expect(await closed).toBeDefined()
    })
  })
})

describe('errors', () => {
  test('a fault of this program shows nothing of its inside, and is reported', async () => {
    const fault = new TypeError("cannot read '/home/secret'")
    findReceipt.mockRejectedValueOnce(fault)
    const body = await call('eth_getUserOperationReceipt', [testHash(1)])
    expect(body).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32603, message: 'internal error' },
    })
    expect(onUnexpected).toHaveBeenCalledWith('eth_getUserOperationReceipt', fault)
  })

  test('a refusal comes with its code and data, amounts as hex', async () => {
    findReceipt.mockRejectedValueOnce(new RpcError(-32508, 'AA31', { deposit: 255n }))
    const { error } = await call('eth_getUserOperationReceipt', [testHash(1)])
    expect(error).toEqual({ code: -32508, message: 'AA31', data: { deposit: '0xff' } })
  })

  test('an error of the node is said to be one', async () => {
    findReceipt.mockRejectedValueOnce(new ChainError('eth_getLogs', -32005, 'range too wide'))
    const { error } = await call('eth_getUserOperationReceipt', [testHash(1)])
    expect(error).toEqual({
      code: -32000,
      message: 'the node refused eth_getLogs: range too wide',
      data: { reason: 'nodeError', method: 'eth_getLogs' },
    })
    expect(onUnexpected).not.toHaveBeenCalled()
  })
})

const wire07 = {
  sender: testAddress(1),
  nonce: '0x0',
  callData: '0x',
  callGasLimit: '0x1',
  verificationGasLimit: '0x1',
  preVerificationGas: '0x1',
  maxFeePerGas: '0x1',
  maxPriorityFeePerGas: '0x1',
  signature: '0x',
}

describe('eth_sendUserOperation', () => {
  test('the operation reaches admission in its normalised shape', async () => {
    const params = [wire07, entryPoint07.address.toLowerCase()]
    expect(await call('eth_sendUserOperation', params)).toMatchObject({ result: testHash(1) })
    expect(admitUserOperation).toHaveBeenCalledWith(
      testOperation({
        callGasLimit: 1n,
        verificationGasLimit: 1n,
        preVerificationGas: 1n,
        maxFeePerGas: 1n,
        maxPriorityFeePerGas: 1n,
      }),
      entryPoint07,
    )
  })

  test('an EntryPoint that is not served is answered with those that are', async () => {
    const { error } = await call('eth_sendUserOperation', [wire07, entryPoint08.address])
    expect(error).toMatchObject({
      code: -32602,
      data: { field: 'entryPoint', supported: supported.map(({ address }) => address) },
    })
  })

  test.each([
    { name: 'no parameters', params: [] },
    { name: 'one parameter', params: [wire07] },
    { name: 'three parameters', params: [wire07, entryPoint07.address, {}] },
    { name: 'an EntryPoint that is no address', params: [wire07, '0x12'] },
    { name: 'a string for the operation', params: ['0x', entryPoint07.address] },
    { name: 'null for the operation', params: [null, entryPoint07.address] },
  ])('$name: -32602 and nothing admitted', async ({ params }) => {
    expect((await call('eth_sendUserOperation', params)).error.code).toBe(-32602)
    expect(admitUserOperation).not.toHaveBeenCalled()
  })
})

describe('eth_estimateUserOperationGas', () => {
  test('what is asked for may be absent', async () => {
    const { sender, nonce, callData } = wire07
    const params = [{ sender, nonce, callData }, entryPoint07.address]
    expect((await call('eth_estimateUserOperationGas', params)).result).toEqual({
      preVerificationGas: '0xc350',
      verificationGasLimit: '0x123',
      callGasLimit: '0x0',
    })
  })

  test('a state override is the third parameter, and a wrong one is named', async () => {
    const good = {
      [testAddress(1)]: { balance: '0x10', stateDiff: { [testHash(1)]: testHash(2) } },
    }
    const params = [wire07, entryPoint07.address]
    expect(await call('eth_estimateUserOperationGas', [...params, good])).toHaveProperty('result')
    const bad = { [testAddress(1)]: { balance: 'lots' } }
    const { error } = await call('eth_estimateUserOperationGas', [...params, bad])
    expect(error).toMatchObject({
      code: -32602,
      data: { field: `stateOverride.${testAddress(1)}.balance`, value: '"lots"' },
    })
  })
})

describe('lookups', () => {
  test.each(['eth_getUserOperationByHash', 'eth_getUserOperationReceipt'])(
    '%s: null for what is not known, -32602 for what is no hash',
    async (method) => {
      expect(await call(method, [testHash(9)])).toMatchObject({ result: null })
      for (const params of [[], ['0x12'], [7], [`${testHash(9)}0`], [testHash(9), 1]]) {
        expect((await call(method, params)).error.code).toBe(-32602)
      }
    },
  )

  test('prices and status have the shape that permissionless clients read', async () => {
    const price = { maxFeePerGas: '0x14', maxPriorityFeePerGas: '0x1' }
    expect(await call('pimlico_getUserOperationGasPrice')).toMatchObject({
      result: { slow: price, standard: price, fast: price },
    })
    expect(await call('pimlico_getUserOperationStatus', [testHash(9)])).toMatchObject({
      result: { status: 'not_found', transactionHash: null },
    })
  })
})

describe('health', () => {
  test('200 with each check by name', async () => {
    const response = await app.inject({ method: 'GET', url: '/ready' })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({ ok: true, checks: { store: 'ok', node: 'ok' } })
  })

  test('503 with what is wrong, and a check that throws is wrong', async () => {
    check.mockResolvedValueOnce('disk is read-only')
    const health = await app.inject({ method: 'GET', url: '/health' })
    expect(health.statusCode).toBe(503)
    expect(health.json().checks).toEqual({ store: 'disk is read-only' })
    check.mockRejectedValueOnce(new Error('no answer'))
    const ready = await app.inject({ method: 'GET', url: '/ready' })
    expect(ready.statusCode).toBe(503)
    expect(ready.json()).toEqual({ ok: false, checks: { store: 'no answer', node: 'ok' } })
  })
})

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { testHash } from '../testing/pooledOperation.ts'
import { ChainError } from '../types/chainError.ts'
import { RpcError } from '../types/rpcError.ts'
import { entryPoint07, serveMethods, supported } from './testing/testMethods.ts'

const { app, post, call, check, findReceipt, onUnexpected } = serveMethods()

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
    const response = await app().inject({ method, url })
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
      await app().listen({ host: '127.0.0.1', port: 0 })
      const { port } = app().server.address() as AddressInfo
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
      await app().close()
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

describe('health', () => {
  test('200 with each check by name', async () => {
    const response = await app().inject({ method: 'GET', url: '/ready' })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({ ok: true, checks: { store: 'ok', node: 'ok' } })
  })

  test('503 with what is wrong, and a check that throws is wrong', async () => {
    check.mockResolvedValueOnce('disk is read-only')
    const health = await app().inject({ method: 'GET', url: '/health' })
    expect(health.statusCode).toBe(503)
    expect(health.json().checks).toEqual({ store: 'disk is read-only' })
    check.mockRejectedValueOnce(new Error('no answer'))
    const ready = await app().inject({ method: 'GET', url: '/ready' })
    expect(ready.statusCode).toBe(503)
    expect(ready.json()).toEqual({ ok: false, checks: { store: 'no answer', node: 'ok' } })
  })
})

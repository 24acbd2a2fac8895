import { once } from 'node:events'
import { connect } from 'node:net'
import { entryPointAdapters } from '@fabstir/erc4337'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { testAddress, testHash } from '../../testing/pooledOperation.ts'
import type { OperationEvent } from '../../types/operationEvent.ts'
import { hashApiKey } from '../limits/apiKeys.ts'
import type { Methods } from '../method.ts'
import { subscriptionMethods } from '../methods/subscriptions.ts'
import { startTestServer } from '../testing/testServer.ts'

type Server = Awaited<ReturnType<typeof startTestServer>>
const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

const methods: Methods = {
  ...subscriptionMethods({ entryPoints: entryPointAdapters }),
  eth_chainId: async () => '0x1',
  echo: async (params) => params[0],
}

async function serve(
  ...options: Parameters<typeof startTestServer> extends [unknown, ...infer R] ? R : never
) {
  const server = await startTestServer(methods, ...options)
  open.push(server.app)
  return server
}

type Message = {
  id?: unknown
  result?: unknown
  error?: { code: number; message: string }
  params?: unknown
}

/** A client whose messages are read one by one. */
async function client({ url }: Pick<Server, 'url'>, path = '/') {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`)
  const waiting: ((message: Message) => void)[] = []
  const arrived: Message[] = []
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    const next = waiting.shift()
    if (next) next(message)
    else arrived.push(message)
  })
  await once(socket, 'open')
  open.push(socket)
  const next = () => {
    const message = arrived.shift()
    return message
      ? Promise.resolve(message)
      : new Promise<Message>((resolve) => waiting.push(resolve))
  }
  return {
    socket,
    next,
    send: (message: unknown) =>
      socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async call(method: string, params: unknown[] = []) {
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
      return next()
    },
    closed: once(socket, 'close').then(([event]) => event as { code: number; reason: string }),
  }
}

const entryPoint = testAddress(8)
const event = (n: number, fields: Partial<OperationEvent> = {}): OperationEvent => ({
  userOpHash: testHash(n),
  sender: testAddress(n),
  entryPoint,
  status: 'pending',
  ...fields,
})

describe('JSON-RPC over WebSocket', () => {
  test.each(['/', '/rpc'])('%s answers requests and batches', async (path) => {
    const { call, send, next } = await client(await serve(), path)
    expect(await call('eth_chainId')).toEqual({ jsonrpc: '2.0', id: 1, result: '0x1' })
    send([1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'eth_chainId' })))
    expect(await next()).toMatchObject([{ id: 1, result: '0x1' }, { id: 2 }])
  })

  test.each([
    { name: 'no JSON', message: '{', code: -32700 },
    { name: 'a batch that is too large', message: '[1,2,3,4]', code: -32600 },
    { name: 'an unknown method', message: '{"jsonrpc":"2.0","id":1,"method":"x"}', code: -32601 },
  ])('$name is answered with $code, and the connection goes on', async ({ message, code }) => {
    const { send, next, call } = await client(await serve())
    send(message)
    expect((await next()).error?.code).toBe(code)
    expect(await call('eth_chainId')).toHaveProperty('result')
  })

  test('binary messages and messages that are too large end it with their code', async () => {
    const server = await serve({ limits: { maxMessage: 1_000 } })
    const [binary, large] = [await client(server), await client(server)]
    binary.socket.send(new Uint8Array([1]))
    large.send('x'.repeat(1_001))
    expect(await binary.closed).toMatchObject({ code: 1003, reason: 'JSON-RPC messages are text' })
    expect(await large.closed).toMatchObject({ code: 1009 })
  })

  test('many messages at once are all answered', async () => {
    const { send, next } = await client(await serve({ limits: { maxConcurrent: 2 } }))
    for (let id = 0; id < 50; id++) send({ jsonrpc: '2.0', id, method: 'eth_chainId' })
    const ids = new Set<unknown>()
    for (let n = 0; n < 50; n++) ids.add((await next()).id)
    expect(ids.size).toBe(50)
  })

  test('GET without an upgrade says where things are', async () => {
    const { url } = await serve()
    const response = await fetch(`${url}/rpc`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('POST /')
  })
})

describe('subscriptions', () => {
  test('events that fit are told after the id, as hex', async () => {
    const server = await serve()
    const { call, next } = await client(server)
    const { result: subscription } = await call('eth_subscribe', [
      'userOperations',
      { sender: testAddress(2) },
    ])
    expect(subscription).toMatch(/^0x[0-9a-f]{32}$/)
    server.tell(event(1))
    server.tell(event(2, { status: 'included', blockNumber: 17, success: true }))
    expect(await next()).toEqual({
      jsonrpc: '2.0',
      method: 'eth_subscription',
      params: {
        subscription,
        result: { ...event(2), status: 'included', blockNumber: '0x11', success: true },
      },
    })
  })

  test('one that happens before the id is sent waits for it', async () => {
    const server = await serve()
    const { send, next } = await client(server)
    const subscribe = { jsonrpc: '2.0', method: 'eth_subscribe', params: ['userOperations'] }
    const before = server.listeners()
    send([
      { ...subscribe, id: 1 },
      { jsonrpc: '2.0', id: 2, method: 'echo', params: [1] },
    ])
    expect(before).toBe(1)
    const [made] = (await next()) as unknown as Message[]
    server.tell(event(1))
    expect(await next()).toMatchObject({ params: { subscription: made?.result } })
  })

  test('unsubscribing ends it, once', async () => {
    const server = await serve()
    const { call, next } = await client(server)
    const { result: id } = await call('eth_subscribe', ['userOperations', {}])
    expect(await call('eth_unsubscribe', [id])).toMatchObject({ result: true })
    server.tell(event(1))
    expect(await call('eth_unsubscribe', [id])).toMatchObject({ result: false })
    await call('eth_subscribe', ['userOperations', { hash: testHash(3) }])
    server.tell(event(3))
    expect(await next()).toMatchObject({ params: { result: { userOpHash: testHash(3) } } })
  })

  test('a connection cannot unsubscribe another one, nor have more than three', async () => {
    const server = await serve()
    const [one, other] = [await client(server), await client(server)]
    const { result: id } = await one.call('eth_subscribe', ['userOperations'])
    expect(await other.call('eth_unsubscribe', [id])).toMatchObject({ result: false })
    for (let n = 0; n < 2; n++) await one.call('eth_subscribe', ['userOperations'])
    expect(await one.call('eth_subscribe', ['userOperations'])).toMatchObject({
      error: { code: -32005, data: { rule: 'maxSubscriptions', limit: 3 } },
    })
    expect(await other.call('eth_subscribe', ['userOperations'])).toHaveProperty('result')
  })

  test.each([
    { params: [], field: 'params' },
    { params: ['newHeads'], field: 'subscription' },
    { params: ['userOperations', { hash: '0x12' }], field: 'filter.hash' },
    { params: ['userOperations', { owner: testAddress(1) }], field: 'filter.owner' },
    { params: ['userOperations', { entryPoint: testAddress(1) }], field: 'entryPoint' },
    { params: ['userOperations', {}, {}], field: 'params' },
  ])('$params: -32602 naming $field', async ({ params, field }) => {
    const { call } = await client(await serve())
    expect(await call('eth_subscribe', params)).toMatchObject({
      error: { code: -32602, data: { field } },
    })
  })

  test('over HTTP there are none', async () => {
    const { url } = await serve()
    const body = '{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["userOperations"]}'
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body })
    expect(await response.json()).toMatchObject({
      error: { code: -32601, message: 'notifications need a WebSocket connection' },
    })
  })

  test('a client that is gone is told nothing more', async () => {
    const server = await serve()
    const { call, socket, closed } = await client(server)
    await call('eth_subscribe', ['userOperations'])
    expect(server.listeners()).toBe(1)
    socket.close()
    await closed
    await vi.waitFor(() => expect(server.listeners()).toBe(0))
  })
})

describe('clients that harm', () => {
  test('a slow consumer is cut', async () => {
    const server = await serve({ limits: { maxBufferedBytes: 20_000 } })
    const { socket: slow } = await rawUpgrade(server, '/')
    slow.write(
      frame('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["userOperations"]}'),
    )
    await once(slow, 'data')
    slow.pause()
    // Far more than the buffers of two sockets hold.
    const reason = { rule: 'x', message: 'y'.repeat(10_000) }
    for (let n = 0; n < 2_000; n++) server.tell(event(n, { reason }))
    await vi.waitFor(() => expect(server.listeners()).toBe(0))
    slow.destroy()
  })

  test.each(['//', '/nowhere', '/%zz', '/health', '/v1//rpc'])(
    'an upgrade to %s is refused and the connection ended',
    async (path) => {
      const { socket, status } = await rawUpgrade(await serve(), path)
      expect(status).toMatch(/ 4\d\d /)
      if (!socket.closed) await once(socket, 'close')
    },
  )

  test('an offer to upgrade to something else is passed over', async () => {
    const { url } = await serve()
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'
    socket.write(
      'POST / HTTP/1.1\r\nhost: x\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\n' +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    const [data] = await once(socket, 'data')
    socket.destroy()
    expect(String(data)).toContain('"result":"0x1"')
  })

  test('more connections than allowed get 503', async () => {
    const server = await serve({ limits: { maxConnections: 1 } })
    await client(server)
    expect(await upgradeStatus(server, '/')).toContain('503')
  })

  test('with API keys, an upgrade needs one, and its rate limit holds for upgrades and messages', async () => {
    const key = 'demo-key-0123456789'
    const rate = { perSecond: 1, burst: 3 }
    const apiKeys = new Map([[hashApiKey(key), { name: 'demo', rate, boost: false }]])
    const server = await serve({ access: { apiKeys, now: () => 0 } })
    expect(await upgradeStatus(server, '/rpc')).toContain('401')
    expect(await upgradeStatus(server, '/v1/wrong/rpc')).toContain('401')
    const { call } = await client(server, `/v1/${key}/rpc`)
    await call('eth_chainId')
    await call('eth_chainId')
    expect(await call('eth_chainId')).toMatchObject({
      id: 1,
      error: { code: -32005, data: { rule: 'rateLimit', retryAfterMs: 1_000 } },
    })
    expect(await upgradeStatus(server, `/v1/${key}/rpc`)).toContain('429')
  })

  test('the end of the server closes connections, also one that does not say goodbye', async () => {
    const server = await serve()
    const { closed } = await client(server)
    const silent = await rawUpgrade(server, '/')
    await server.app.close()
    expect(await closed).toMatchObject({ code: 1001, reason: 'the bundler stops' })
    silent.socket.destroy()
  })
})

/** A masked text frame of a client. */
function frame(text: string): Buffer {
  const body = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body])
}

/** A client that does nothing by itself. */
async function rawUpgrade({ url }: Server, path: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  const [data] = await once(socket, 'data')
  return { socket, status: String(data).split('\r\n')[0] ?? '' }
}

async function upgradeStatus(server: Server, path: string): Promise<string> {
  const { socket, status } = await rawUpgrade(server, path)
  socket.destroy()
  return status
}

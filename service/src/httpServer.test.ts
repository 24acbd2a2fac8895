import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createHttpServer } from './httpServer.ts'

const servers: ReturnType<typeof createHttpServer>[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

/** A server whose `/held` answers when it is told to. */
async function start(requestTimeoutMs: number) {
  const server = createHttpServer({ requestTimeoutMs })
  servers.push(server)
  const held = Promise.withResolvers<string>()
  const asked = Promise.withResolvers<void>()
  const closing = Promise.withResolvers<void>()
  server.addHook('preClose', async () => closing.resolve())
  server.get('/held', () => {
    asked.resolve()
    return held.promise
  })
  server.post('/', async () => 'done')
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  return { server, url, asked: asked.promise, closing: closing.promise, answer: held.resolve }
}

describe('a request whose body never comes', () => {
  async function begin() {
    const { server, url } = await start(100)
    const { hostname, port } = new URL(url)
    const arrived = once(server.server, 'request')
    const socket = connect(Number(port), hostname)
    const headers = 'host: x\r\ncontent-type: text/plain\r\ncontent-length: 9'
    socket.write(`POST / HTTP/1.1\r\n${headers}\r\n\r\n{`)
    await arrived
    return { server, socket }
  }

  test('is ended', async () => {
    const { socket } = await begin()
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('does not hold up the end of the server', async () => {
    const { server, socket } = await begin()
    socket.on('error', () => {})
    await server.close()
    expect(server.server.listening).toBe(false)
  })
})

test('a request under way is answered while the server closes, and told that its connection ends', async () => {
  const { server, url, asked, closing, answer } = await start(60_000)
  const agent = new Agent({ keepAlive: true })
  const asking = request(`${url}/held`, { agent })
  const answered = once(asking, 'response')
  asking.end()
  await asked
  const closed = server.close()
  await closing
  answer('kept')
  const [response] = await answered
  expect(response.headers.connection).toBe('close')
  expect((await response.toArray()).join('')).toBe('kept')
  // Long before the time of requests is over.
  await closed
  agent.destroy()
})

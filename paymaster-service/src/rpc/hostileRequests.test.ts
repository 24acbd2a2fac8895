import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createLogger } from '../observability/logger.ts'
import { call, params, setUp } from '../testing/rpcServer.ts'

/** A server, and what it logs. */
async function withLog(options: Parameters<typeof setUp>[0] = {}) {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const log = createLogger({ level: 'info', secrets: [], destination })
  return { ...(await setUp({ ...options, log })), lines }
}

const long = 'a.'.repeat(400_000)
const nobody = { authorization: '' }

describe('what a stranger sends fills no log', () => {
  test('a method of 800 kB', async () => {
    const { post, lines } = await withLog()
    const response = await post(call([], long), nobody)
    expect(response.json().error).toMatchObject({ code: -32600 })
    expect(response.json().error.message).toMatch(/^method: /)
    expect(response.body.length).toBeLessThan(300)
    expect(lines.join('').length).toBeLessThan(300)
  })

  test('a batch without a key is one short line for each request', async () => {
    const { post, lines } = await withLog()
    const batch = Array.from({ length: 100 }, () => call([], 'x'))
    await post(batch, nobody)
    expect(lines).toHaveLength(100)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(300)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      method: 'x',
      code: -32011,
      reason: 'the API key is missing or unknown',
    })
  })

  test.each([
    { name: 'a field', given: params({ [long]: '0x' }) },
    { name: 'a policy', given: params({}, undefined, undefined, { policyId: long }) },
    { name: 'an entry point', given: params({}, long) },
  ])('$name with a name of 800 kB', async ({ given }) => {
    const { post, lines } = await withLog()
    const response = await post(call(given))
    expect(response.json().error).toMatchObject({ code: -32602 })
    expect(response.body.length).toBeLessThan(500)
    expect(lines.join('').length).toBeLessThan(500)
  })

  test('an origin of 10 kB that the key does not have', async () => {
    const { server, lines } = await withLog({ scope: { origins: ['https://app.example'] } })
    const response = await server.inject({
      method: 'POST',
      url: '/?apikey=a-key-of-the-app-under-test',
      headers: { origin: `https://${'a.'.repeat(5_000)}example` },
      payload: call(params()),
    })
    expect(response.json().error).toMatchObject({ code: -32011, data: { rule: 'key.origin' } })
    expect(lines.join('').length).toBeLessThan(800)
  })

  test('what is the fault of the house is logged with what is behind it', async () => {
    const { post, lines } = await withLog({ nodeIsDown: true })
    await post(call(params()))
    await post(call([], 'test_fail'))
    const [node, internal] = lines.map((line) => JSON.parse(line))
    expect(node).toMatchObject({ code: -32000, err: { message: expect.stringMatching(/answer/) } })
    expect(node.err.stack).toContain('ECONNREFUSED')
    expect(internal).toMatchObject({ level: 50, err: { message: 'a secret of the house' } })
  })
})

describe('a request whose body never comes', () => {
  const head =
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{'

  async function begin() {
    const { server } = await setUp({ requestTimeoutMs: 100 })
    const { hostname, port } = new URL(await server.listen({ host: '127.0.0.1', port: 0 }))
    const arrived = once(server.server, 'request')
    const socket = connect(Number(port), hostname)
    socket.write(head)
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

  test('does not hold up the end of the service', async () => {
    const { server, socket } = await begin()
    socket.on('error', () => {})
    await server.close()
    expect(server.server.listening).toBe(false)
  })
})

import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defaultEntryPoint } from '@fabstir/erc4337'
import { afterEach, describe, expect, test } from 'vitest'
import { parsePolicy } from '../policy/policy.ts'
import type { Question } from '../policy/willSponsor/question.ts'
import { testChainId, testOperation, testPolicy } from '../testing/fixtures.ts'
import { createExchange } from '../webhooks/post.ts'
import { createWebhook } from './webhook.ts'

const secret = 'a-secret-of-the-webhook-under-test'
const now = 1_700_000_000
const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A webhook of an app, on a port of its own. */
async function serve(listener: RequestListener, onConnection = () => {}): Promise<string> {
  const server = createServer(listener)
  server.on('connection', onConnection)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/may-i`
}

const policyWith = (url: string, timeoutMs = 2_000) =>
  parsePolicy(testPolicy({ willSponsor: { url, timeoutMs } }))
const question = (): Omit<Question, 'policy'> => ({
  stage: 'sponsorship',
  app: 'shop',
  origin: 'https://shop.example',
  chainId: testChainId,
  entryPoint: defaultEntryPoint.address,
  op: testOperation(),
  calls: [{ target: testOperation().sender, value: 5n, data: '0xaabbccdd' }],
  maxCost: 1_000n,
})
const exchange = createExchange({ allowPrivate: true, keepAlive: true })
const webhook = createWebhook({ secretOf: () => secret, exchange, clock: () => now })
const ruleOf = async (url: string, timeoutMs?: number) =>
  (await webhook(policyWith(url, timeoutMs), question))?.rule

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const answering = (status: number, body: string, headers: Record<string, string> = {}) =>
  serve((request, response) => {
    request.resume()
    response.writeHead(status, headers).end(body)
  })

describe('webhook', () => {
  test.each<{ status: number; body: string; rule: string | undefined }>([
    { status: 200, body: '{"sponsor":true}', rule: undefined },
    { status: 200, body: '{"sponsor":false}', rule: 'will-sponsor.refused' },
    { status: 200, body: '{"sponsor":"true"}', rule: 'will-sponsor.invalid' },
    { status: 200, body: '{"sponsor":1}', rule: 'will-sponsor.invalid' },
    { status: 200, body: '{}', rule: 'will-sponsor.invalid' },
    { status: 200, body: 'true', rule: 'will-sponsor.invalid' },
    { status: 200, body: '', rule: 'will-sponsor.invalid' },
    { status: 201, body: '{"sponsor":true}', rule: 'will-sponsor.unavailable' },
    { status: 500, body: '{"sponsor":true}', rule: 'will-sponsor.unavailable' },
  ])('$status $body: $rule', async ({ status, body, rule }) => {
    expect(await ruleOf(await answering(status, body))).toBe(rule)
  })

  test('it passes on a reason, without control characters and not without end', async () => {
    const reason = `not\u0000to\u202eday${'x'.repeat(500)}`
    const refusal = await webhook(
      policyWith(await answering(200, JSON.stringify({ sponsor: false, reason }))),
      question,
    )
    expect(refusal?.message).toBe(
      `will-sponsor.refused: not to day${'x'.repeat(200 - 'not to day'.length)}`,
    )
  })

  test('its signature is an HMAC of time and body, and the body says who asks for what', async () => {
    const seen: { header: unknown; body: string }[] = []
    const url = await serve(async (request, response) => {
      seen.push({ header: request.headers['fabstir-signature'], body: await bodyOf(request) })
      response.end('{"sponsor":true}')
    })
    expect(await ruleOf(url)).toBeUndefined()
    const [{ header, body } = { header: '', body: '' }] = seen
    const mac = createHmac('sha256', secret).update(`${now}.${body}`).digest('hex')
    expect(header).toBe(`t=${now},v1=${mac}`)
    expect(JSON.parse(body)).toMatchObject({
      type: 'willSponsor',
      stage: 'sponsorship',
      app: 'shop',
      origin: 'https://shop.example',
      policy: { id: 'marketplace', version: 1, hash: policyWith(url).hash },
      maxCost: '0x3e8',
      userOperation: { sender: testOperation().sender, nonce: '0x0' },
      calls: [{ value: '0x5', data: '0xaabbccdd' }],
    })
    expect(body).not.toContain(secret)
  })

  test('a redirect is not followed', async () => {
    let followed = false
    const other = await serve((_request, response) => {
      followed = true
      response.end('{"sponsor":true}')
    })
    expect(await ruleOf(await answering(307, '', { location: other }))).toBe(
      'will-sponsor.unavailable',
    )
    expect(followed).toBe(false)
  })

  test('one that hangs refuses: before its answer, and within it', async () => {
    const silent = await serve((request) => request.resume())
    const stalls = await serve((request, response) => {
      request.resume()
      response.writeHead(200).write('{"sponsor":')
    })
    expect(await ruleOf(silent, 60)).toBe('will-sponsor.unavailable')
    expect(await ruleOf(stalls, 60)).toBe('will-sponsor.unavailable')
  })

  test('an answer without end is not read to its end', async () => {
    let written = 0
    const url = await serve((request, response) => {
      request.resume()
      response.writeHead(200)
      const more = () => {
        while (response.write(' '.repeat(65_536))) written += 65_536
      }
      response.on('drain', more)
      more()
    })
    expect(await ruleOf(url)).toBe('will-sponsor.unavailable')
    expect(written).toBeLessThan(64 << 20)
  })

  test('nobody there, and no secret, refuse', async () => {
    const url = await serve(() => undefined)
    for (const close of closing.splice(0)) await close()
    expect(await ruleOf(url)).toBe('will-sponsor.unavailable')
    const withoutSecret = createWebhook({ secretOf: () => undefined, exchange, clock: () => now })
    expect((await withoutSecret(policyWith(url), question))?.rule).toBe('will-sponsor.no-secret')
  })

  test('one that leads inside is not connected to: by its address, and by what its name resolves to', async () => {
    let connections = 0
    const url = await serve(
      (_request, response) => response.end('{"sponsor":true}'),
      () => connections++,
    )
    const { port } = new URL(url)
    const resolve = ((_host: string, _options: object, callback: (...answer: unknown[]) => void) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }])) as never
    const outside = createWebhook({
      secretOf: () => secret,
      exchange: createExchange({ allowPrivate: false, keepAlive: true, resolve }),
      clock: () => now,
    })
    for (const each of [url, `https://127.0.0.1:${port}/`, `https://app.example:${port}/`]) {
      const refusal = await outside(policyWith(each), question)
      expect(refusal?.rule).toBe('will-sponsor.unavailable')
      expect(refusal?.message).not.toContain('127.0.0.1')
    }
    expect(connections).toBe(0)
    expect(await ruleOf(url)).toBeUndefined()
    expect(connections).toBe(1)
  })

  test('a policy without one is not asked', async () => {
    const refuse = () => {
      throw new Error('it was asked')
    }
    expect(await webhook(parsePolicy(testPolicy()), refuse)).toBeUndefined()
  })

  test('256 questions wait at the same time, the next is refused, and later ones are asked again', async () => {
    const held: ServerResponse[] = []
    let full = () => {}
    const allHeld = new Promise<void>((resolve) => {
      full = resolve
    })
    const url = await serve((request, response) => {
      request.resume()
      held.push(response)
      if (held.length === 256) full()
    })
    const policy = policyWith(url, 10_000)
    const waiting = Array.from({ length: 256 }, () => webhook(policy, question))
    await allHeld
    expect((await webhook(policy, question))?.rule).toBe('will-sponsor.unavailable')
    for (const response of held) response.end('{"sponsor":true}')
    expect((await Promise.all(waiting)).every((refusal) => refusal === undefined)).toBe(true)
    const later = webhook(policy, question)
    // It is held like the others, until its connection ends.
    for (const close of closing.splice(0)) await close()
    expect((await later)?.message).toContain('gave no answer')
  })
})

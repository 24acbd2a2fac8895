import type { LookupAddress } from 'node:dns'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createPost, WebhookAddressError, webhookUrlProblem } from './post.ts'
import { isPublicAddress } from './publicAddress.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const request = { headers: { 'content-type': 'application/json' }, body: '{}' }
const posted = (url: string, signal = new AbortController().signal) => ({ ...request, url, signal })

test.each([
  { address: '8.8.8.8', ok: true },
  { address: '2606:4700::1111', ok: true },
  { address: '127.0.0.1', ok: false },
  { address: '10.1.2.3', ok: false },
  { address: '172.16.0.1', ok: false },
  { address: '172.32.0.1', ok: true },
  { address: '192.168.1.1', ok: false },
  { address: '169.254.169.254', ok: false },
  { address: '100.64.0.1', ok: false },
  { address: '0.0.0.0', ok: false },
  { address: '224.0.0.1', ok: false },
  { address: '255.255.255.255', ok: false },
  { address: '::1', ok: false },
  { address: '::', ok: false },
  { address: '::ffff:127.0.0.1', ok: false },
  { address: '64:ff9b::7f00:1', ok: false },
  { address: '2002:7f00:1::', ok: false },
  { address: 'fe80::1', ok: false },
  { address: 'fd00:ec2::254', ok: false },
  { address: 'ff02::1', ok: false },
])('isPublicAddress: $address is $ok', ({ address, ok }) => {
  expect(isPublicAddress(address)).toBe(ok)
})

describe('webhookUrlProblem', () => {
  test.each([
    'http://hooks.example/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://user:password@hooks.example/',
    'ftp://hooks.example/',
    'file:///etc/passwd',
    'nothing',
  ])('%s is refused', (url) => {
    expect(webhookUrlProblem(url, false)).toBeDefined()
  })

  test('names are looked at when they are resolved, addresses of this house when they are wanted', () => {
    expect(webhookUrlProblem('https://hooks.example:8443/path?a=b', false)).toBeUndefined()
    expect(webhookUrlProblem('http://127.0.0.1:1/', true)).toBeUndefined()
    expect(webhookUrlProblem('ftp://127.0.0.1/', true)).toBe('expected https, not ftp')
  })
})

describe('createPost', () => {
  test('a name that leads inside is not connected to, also among public ones', async () => {
    let connections = 0
    const server = createServer()
    server.on('connection', () => connections++)
    const port = await listen(server)
    const answers: LookupAddress[][] = [
      [{ address: '127.0.0.1', family: 4 }],
      [
        { address: '8.8.8.8', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
      [],
    ]
    for (const answer of answers) {
      const resolve = ((
        _host: string,
        _options: object,
        callback: (error: null, all: LookupAddress[]) => void,
      ) => callback(null, answer)) as unknown as Parameters<typeof createPost>[0]['resolve'] & {}
      const post = createPost({ allowPrivate: false, resolve })
      await expect(post(posted(`https://hooks.example:${port}/`))).rejects.toThrow(
        WebhookAddressError,
      )
    }
    expect(connections).toBe(0)
  })

  test('a redirect is an answer and is not followed', async () => {
    const paths: (string | undefined)[] = []
    const port = await listen(
      createServer((incoming, response) => {
        paths.push(incoming.url)
        response.writeHead(302, { location: '/inside' }).end()
      }),
    )
    const post = createPost({ allowPrivate: true })
    expect(await post(posted(`http://127.0.0.1:${port}/hook`))).toBe(302)
    expect(paths).toEqual(['/hook'])
  })

  test('an answer without an end is not read to its end', async () => {
    const port = await listen(
      createServer((_incoming, response) => {
        response.writeHead(200)
        const go = (): void => {
          if (!response.destroyed && response.write('x'.repeat(65_536), go)) return
        }
        go()
      }),
    )
    expect(await createPost({ allowPrivate: true })(posted(`http://127.0.0.1:${port}/`))).toBe(200)
  })

  test('an endpoint that hangs is left when the signal says so', async () => {
    const arrived = Promise.withResolvers<void>()
    const port = await listen(createServer(() => arrived.resolve()))
    const ending = new AbortController()
    const sent = createPost({ allowPrivate: true })(
      posted(`http://127.0.0.1:${port}/`, ending.signal),
    )
    await arrived.promise
    ending.abort()
    await expect(sent).rejects.toThrow('aborted')
  })
})

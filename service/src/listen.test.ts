import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { listen, PortInUseError } from './listen.ts'

test.each([
  { host: '127.0.0.1', url: /^http:\/\/127\.0\.0\.1:\d+$/ },
  { host: '::1', url: /^http:\/\/\[::1\]:\d+$/ },
])('tells the URL with the port that it got, on $host', async ({ host, url }) => {
  const server = Fastify()
  try {
    const bound = await listen(server, { host, port: 0 })
    expect(bound.url).toMatch(url)
    expect(bound.url.endsWith(`:${bound.port}`)).toBe(true)
    expect((await fetch(bound.url)).status).toBe(404)
  } finally {
    await server.close()
  }
})

test('a taken port is named, with the option that sets it', async () => {
  const [first, second] = [Fastify(), Fastify()]
  const host = '127.0.0.1'
  try {
    const { port } = await listen(first, { host, port: 0 })
    await expect(listen(second, { host, port }, '--metrics-port')).rejects.toEqual(
      new PortInUseError(host, port, '--metrics-port'),
    )
  } finally {
    await Promise.all([first.close(), second.close()])
  }
})

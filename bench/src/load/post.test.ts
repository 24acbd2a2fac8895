import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { post } from './post.ts'

const open: (Server | Pool)[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) {
    if (each instanceof Pool) await each.destroy()
    else await new Promise((resolve) => each.close(resolve))
  }
})

async function poolTo(listener: RequestListener): Promise<Pool> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  open.push(server, pool)
  return pool
}

const request = { path: '/rpc', headers: { 'x-mark': 'a' }, body: '{"id":1}' }

test('sends path, headers and body, and has the parts of the answer in order', async () => {
  const pool = await poolTo(async (asked, answer) => {
    let body = ''
    for await (const part of asked) body += part
    answer.write(`${asked.method} ${asked.url} ${asked.headers['x-mark']} `)
    setTimeout(() => answer.end(body), 20)
  })
  const parts = await post(pool, request)
  expect(Buffer.concat(parts).toString()).toBe('POST /rpc a {"id":1}')
})

test('a connection that is lost within the answer is an error', async () => {
  const pool = await poolTo((_, answer) => {
    answer.writeHead(200, { 'content-length': '100' })
    answer.write('half')
    setTimeout(() => answer.destroy(), 20)
  })
  await expect(post(pool, request)).rejects.toThrow(/closed|terminated/)
})

test('nobody there is an error', async () => {
  const pool = new Pool('http://127.0.0.1:1')
  open.push(pool)
  await expect(post(pool, request)).rejects.toThrow('ECONNREFUSED')
})

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { notify } from './notify.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A receiver that answers with `statuses` in turn; keeps what it was sent. */
async function receiver(statuses: number[]) {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    bodies.push(Buffer.concat(chunks).toString())
    response.writeHead(statuses.shift() ?? 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const alerts = [
  { id: 'breaker', severity: 'critical', text: 'circuit breaker at level 2' },
] as const

test('it tries again until it is taken', async () => {
  const { url, bodies } = await receiver([500, 200])
  expect(await notify(url, alerts, { pauseMs: 1 })).toBe(true)
  expect(bodies.map((body) => JSON.parse(body))).toEqual([{ alerts }, { alerts }])
})

test('it gives up after three attempts and says so', async () => {
  const { url, bodies } = await receiver([500, 500, 500])
  expect(await notify(url, alerts, { pauseMs: 1 })).toBe(false)
  expect(bodies).toHaveLength(3)
})

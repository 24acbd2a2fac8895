import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Alert } from './alerts.ts'
import { type Metric, renderPrometheus } from './metrics.ts'
import { renderPage } from './page.ts'

/** What the monitor has to say at a moment. */
export type Report = {
  chainId: number
  metrics: readonly Metric[]
  alerts: readonly Alert[]
  /** Whether the chain was read lately. */
  healthy: boolean
  /** Last block that is counted. */
  block: string
  /** Why the last reading failed. */
  error?: string
}

type Answer = { status: number; type: string; body: string }

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
})

/** What is answered to a GET of `path`. */
export function answer(path: string, report: Report): Answer {
  const { chainId, metrics, alerts, healthy, block, error } = report
  switch (path) {
    case '/':
      return {
        status: 200,
        type: 'text/html; charset=utf-8',
        body: renderPage({ chainId, metrics, alerts }),
      }
    case '/metrics':
      return {
        status: 200,
        type: 'text/plain; version=0.0.4; charset=utf-8',
        body: renderPrometheus(metrics),
      }
    case '/alerts':
      return json(200, alerts)
    case '/health':
      return json(healthy ? 200 : 503, { healthy, chainId, block, ...(error ? { error } : {}) })
    default:
      return json(404, { error: 'there is /, /metrics, /alerts and /health' })
  }
}

/** Serves reports on loopback. `port` 0 takes a free one. */
export async function startServer(
  port: number,
  report: () => Report,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const { status, type, body } =
      request.method === 'GET' ? answer(path, report()) : json(405, { error: 'GET only' })
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    })
    response.end(body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${bound}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a caller gets instead of an answer: the connection ends, or nothing ever comes. */
export const lost = Symbol('lost')
export const silent = Symbol('silent')

/**
 * Answers one request to a service.
 * @param forward What the service itself answers; it has then done its work.
 */
export type Answer = (
  request: { method: string; params: unknown[]; id: number },
  forward: () => Promise<string>,
) => Promise<string | HttpAnswer | typeof lost | typeof silent>

/** An answer that is not 200 with JSON. */
export type HttpAnswer = { status: number; body: string; headers?: Record<string, string> }

export type ServiceProxy = {
  url: string
  /** The service itself until set, and again when set to nothing. */
  answer(answer?: Answer): void
  /** Requests of a method, in order. */
  seen(method: string): unknown[][]
  close(): Promise<void>
}

/** An HTTP proxy before a JSON-RPC service, to change or to lose what it answers. */
export async function startServiceProxy(target: string): Promise<ServiceProxy> {
  const asItself: Answer = (_, forward) => forward()
  let decide = asItself
  const requests: { method: string; params: unknown[] }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const { method, params = [], id } = JSON.parse(body)
    requests.push({ method, params })
    const { authorization } = request.headers
    const forward = async () => {
      const headers = {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      }
      return (await fetch(target, { method: 'POST', headers, body })).text()
    }
    const answer = await decide({ method, params, id }, forward).catch(() => lost)
    if (answer === silent) return
    if (typeof answer === 'symbol') {
      request.socket.destroy()
      return
    }
    if (typeof answer === 'object') {
      response.writeHead(answer.status, { 'content-type': 'text/html', ...answer.headers })
      response.end(answer.body)
      return
    }
    response.setHeader('content-type', 'application/json')
    response.end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    answer(answer = asItself) {
      decide = answer
    },
    seen: (method) =>
      requests.filter((request) => request.method === method).map(({ params }) => params),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An answer with this result. */
export const result = (id: number, value: unknown) =>
  JSON.stringify({ jsonrpc: '2.0', id, result: value })

/** Answers with this, whatever is asked. */
export const answering =
  (value: unknown): Answer =>
  async ({ id }) =>
    result(id, value)

/** Answers one method with this, the `times` first times or always; the service itself answers the rest. */
export function tamper(
  method: string,
  answer: Answer,
  times: number = Number.POSITIVE_INFINITY,
): Answer {
  let count = 0
  return (request, forward) => {
    if (request.method !== method || count >= times) return forward()
    count += 1
    return answer(request, forward)
  }
}

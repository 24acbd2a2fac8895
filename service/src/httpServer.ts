import type { Server } from 'node:http'
import type { FastifyHttpOptions, FastifyInstance } from 'fastify'
import fastify from 'fastify'

/**
 * A fastify server on which nobody keeps a connection by sending slowly, or not at all.
 * @param options.requestTimeoutMs Milliseconds in which a whole request has to arrive, and which closing waits for
 *   requests under way.
 */
export function createHttpServer({
  requestTimeoutMs,
  http,
  ...options
}: FastifyHttpOptions<Server> & { requestTimeoutMs: number }): FastifyInstance {
  const server = fastify({
    ...options,
    forceCloseConnections: 'idle',
    requestTimeout: requestTimeoutMs,
    http: {
      ...http,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 4),
    },
  })
  let closing = false
  let cutOff: NodeJS.Timeout | undefined
  server.addHook('preClose', async () => {
    closing = true
    // Node does not look at the time of requests any more: one whose body never comes would be waited for.
    cutOff = setTimeout(() => server.server.closeAllConnections(), requestTimeoutMs)
  })
  server.addHook('onClose', async () => clearTimeout(cutOff))
  // Who is answered while the server closes has to know that the connection ends: what it asked next would be lost.
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close')
    done(null, payload)
  })
  return server
}

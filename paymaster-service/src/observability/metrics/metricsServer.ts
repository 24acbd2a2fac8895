import type { FastifyInstance } from 'fastify'
import fastify from 'fastify'
import type { Registry } from 'prom-client'

/** GET /metrics in the text format of Prometheus. */
export function createMetricsServer(registry: Registry): FastifyInstance {
  const server = fastify({ forceCloseConnections: true })
  server.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ message: 'GET /metrics is all there is' }),
  )
  return server
}

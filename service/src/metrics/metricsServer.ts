import type { FastifyInstance } from 'fastify'
import Fastify from 'fastify'
import type { Registry } from 'prom-client'

/** GET /metrics in the text format of Prometheus. */
export function createMetricsServer(registry: Registry): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true })
  app.get('/metrics', async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ message: 'GET /metrics is all there is' }),
  )
  return app
}

import type { FastifyInstance } from 'fastify'

/**
 * Listens, on a free port when `port` is 0.
 * @throws The system's error when the port is taken.
 */
export async function listen(
  app: Pick<FastifyInstance, 'listen' | 'server'>,
  { host, port }: { host: string; port: number },
): Promise<{ url: string; port: number }> {
  await app.listen({ host, port })
  const bound = app.server.address()
  const actual = typeof bound === 'object' && bound ? bound.port : port
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`, port: actual }
}

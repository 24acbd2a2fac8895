import type { FastifyInstance } from 'fastify'

/**
 * Listens, on a free port when `port` is 0.
 * @param flag The option of the port, as the person at the terminal knows it.
 * @throws PortInUseError
 */
export async function listen(
  server: Pick<FastifyInstance, 'listen' | 'server'>,
  { host, port }: { host: string; port: number },
  flag = '--port',
): Promise<{ url: string; port: number }> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new PortInUseError(host, port, flag)
    throw error
  }
  const bound = server.server.address()
  const actual = typeof bound === 'object' && bound ? bound.port : port
  return { url: `http://${hostInUrl(host)}:${actual}`, port: actual }
}

/** A host as URLs have it: IPv6 addresses in brackets. */
function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** Something else listens on the port. */
export class PortInUseError extends Error {
  override name = 'PortInUseError'
  port: number

  constructor(host: string, port: number, flag: string) {
    super(
      `port ${port} on ${host} is taken: end what listens there, or choose another with ${flag}`,
    )
    this.port = port
  }
}

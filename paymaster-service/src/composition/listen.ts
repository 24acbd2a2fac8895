import type { FastifyInstance } from 'fastify'
import type { ServiceConfig } from '../config/schema.ts'

/**
 * Starts to listen.
 * @returns The port.
 * @throws PortInUseError
 */
export async function listen(
  server: FastifyInstance,
  { host, port }: Pick<ServiceConfig, 'host' | 'port'>,
): Promise<number> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new PortInUseError(host, port)
    throw error
  }
  const address = server.server.address()
  return typeof address === 'object' && address ? address.port : port
}

export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** Something else listens on the port. */
export class PortInUseError extends Error {
  override name = 'PortInUseError'
  port: number

  constructor(host: string, port: number) {
    super(`port ${port} on ${host} is taken: end what listens there, or choose another with --port`)
    this.port = port
  }
}

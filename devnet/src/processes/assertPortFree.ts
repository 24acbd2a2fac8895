import { createServer } from 'node:net'

/**
 * Fails early when something listens on a port that a service of the devnet needs.
 * @throws {@link PortTakenError} naming the option that moves the service.
 */
export async function assertPortFree(port: number, option: string): Promise<void> {
  if (port === 0) return
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortTakenError(port, option) : error)
    })
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

export class PortTakenError extends Error {
  override name = 'PortTakenError'
  constructor(port: number, option: string) {
    super(`port ${port} is taken: end what listens there, or choose another with --${option}`)
  }
}

import { Instance } from 'prool'
import type { PaymasterService, PaymasterServiceOptions } from './service.ts'
import { createPaymasterService } from './service.ts'

const host = '127.0.0.1'
const defaultPort = 4_338

/**
 * A paymaster service for other people's tests, to be started by `prool` (an optional peer
 * dependency). It keeps its accounts in memory and logs nothing unless told otherwise.
 * @example
 * ```ts
 * const server = Server.create({
 *   instance: fabstirPaymaster({ rpcUrl, chainId, paymasters, signerKey, apps, policies }),
 * })
 * await server.start() // services at http://localhost:PORT/1, /2, …
 * ```
 */
export const fabstirPaymaster = Instance.define((options: PaymasterServiceOptions) => {
  let service: PaymasterService | undefined
  return {
    name: 'fabstir-paymaster',
    host,
    port: Number(options.port ?? defaultPort),
    async start({ port }, { emitter, setEndpoint }) {
      const defaults = { store: 'memory', logLevel: 'silent' } as const
      service = await createPaymasterService({ ...defaults, ...options, host, port })
      setEndpoint?.({ host, port: service.port })
      emitter.emit('message', `answers at ${service.url}`)
      emitter.emit('listening')
    },
    async stop() {
      await service?.close()
      service = undefined
    },
  }
})

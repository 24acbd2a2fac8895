import { Instance } from 'prool'
import type { Bundler } from './bundler.ts'
import { createBundler } from './bundler.ts'
import type { BundlerOptions } from './config/options.ts'

const host = '127.0.0.1'
const DEFAULT_PORT = 4337

/**
 * A bundler for other people's tests, to be started by `prool` (an optional peer dependency). It keeps
 * its journal in memory and logs nothing unless told otherwise.
 * @example
 * ```ts
 * const server = Server.create({
 *   instance: fabstirBundler({ rpcUrl: 'http://127.0.0.1:8545', executorPrivateKeys: ['0x…'] }),
 * })
 * await server.start() // bundlers at http://localhost:PORT/1, /2, …
 * ```
 */
export const fabstirBundler = Instance.define((options: BundlerOptions) => {
  let bundler: Bundler | undefined
  return {
    name: 'fabstir-bundler',
    host,
    port: Number(options.port ?? DEFAULT_PORT),
    async start({ port }, { emitter, setEndpoint }) {
      const defaults = { store: 'memory', logLevel: 'silent' } as const
      bundler = await createBundler({ ...defaults, ...options, host, port })
      setEndpoint?.({ host, port: bundler.port })
      emitter.emit('message', `answers at ${bundler.url}`)
      emitter.emit('listening')
    },
    async stop() {
      await bundler?.close()
      bundler = undefined
    },
  }
})

import type { FastifyPluginAsync } from 'fastify'
import { authorize } from './authorize.ts'
import type { App, Identify } from './caller.ts'
import { RpcError, rpcErrorCode, toJsonRpcError } from './errors.ts'

export type StatusOptions = {
  identify: Identify
  /** What only a new start would mend, in words; empty when nothing does. */
  faults: () => Promise<readonly string[]>
  /** What keeps the service from sponsoring, in words; empty when nothing does. */
  problems: () => Promise<readonly string[]>
  usage: (app: App) => Promise<unknown>
}

/** GET /health, /ready and /usage. */
export const status: FastifyPluginAsync<StatusOptions> = async (server, options) => {
  server.get('/health', async (_request, reply) => {
    const faults = await options.faults()
    if (faults.length === 0) return { status: 'ok' }
    return reply.code(503).send({ status: 'failing', faults })
  })

  server.get('/ready', async (_request, reply) => {
    const problems = await options.problems()
    if (problems.length > 0) reply.code(503)
    return { ready: problems.length === 0, problems }
  })

  server.get('/usage', async (request, reply) => {
    const caller = await options.identify(request)
    try {
      // The path says what `pm_getUsage` says, to the same keys.
      return await options.usage(authorize(caller, 'pm_getUsage', await caller?.charge(1)))
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      reply.code(error.code === rpcErrorCode.limitExceeded ? 429 : 401)
      return toJsonRpcError(error)
    }
  })
}

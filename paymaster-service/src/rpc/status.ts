import type { FastifyPluginAsync } from 'fastify'
import type { ApiKeys, App } from './apiKeys.ts'
import { findApp } from './apiKeys.ts'
import { rpcErrorCode } from './errors.ts'

export type StatusOptions = {
  keys: ApiKeys
  /** What keeps the service from sponsoring, in words; empty when nothing does. */
  problems: () => Promise<readonly string[]>
  usage: (app: App) => Promise<unknown>
}

/** GET /health, /ready and /usage. */
export const status: FastifyPluginAsync<StatusOptions> = async (server, options) => {
  server.get('/health', async () => ({ status: 'ok' }))

  server.get('/ready', async (_request, reply) => {
    const problems = await options.problems()
    if (problems.length > 0) reply.code(503)
    return { ready: problems.length === 0, problems }
  })

  server.get('/usage', async (request, reply) => {
    const app = findApp(options.keys, request)
    if (app) return options.usage(app)
    reply.code(401)
    return { code: rpcErrorCode.badApiKey, message: 'the API key is missing or unknown' }
  })
}

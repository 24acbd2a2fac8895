import type { FastifyPluginAsync } from 'fastify'

/** `true`, or what is wrong. */
export type Check = () => Promise<true | string>

export type HealthOptions = {
  /** Without these the process is of no use and should be started anew. */
  live: Readonly<Record<string, Check>>
  /** Without these it should get no traffic for now. */
  ready: Readonly<Record<string, Check>>
}

/** GET /health (is the process sound?) and GET /ready (would an operation reach the chain?): 200 or 503. */
export const health: FastifyPluginAsync<HealthOptions> = async (app, { live, ready }) => {
  app.get('/health', async (_, reply) => {
    const report = await run(live)
    return reply.code(report.ok ? 200 : 503).send(report)
  })
  app.get('/ready', async (_, reply) => {
    const report = await run({ ...live, ...ready })
    return reply.code(report.ok ? 200 : 503).send(report)
  })
}

async function run(checks: Readonly<Record<string, Check>>) {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const result = await check().catch((error: unknown) =>
        error instanceof Error ? error.message : 'failed',
      )
      return [name, result === true ? 'ok' : result] as const
    }),
  )
  return { ok: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) }
}

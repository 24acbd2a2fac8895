import { createHttpServer } from '@fabstir/service'
import cors from '@fastify/cors'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { LogController } from 'fastify'
import type { AdminOptions } from './admin.ts'
import { admin } from './admin.ts'
import { RpcError, rpcErrorCode, toJsonRpcError } from './errors.ts'
import type { JsonRpcOptions } from './jsonRpc.ts'
import { jsonRpc } from './jsonRpc.ts'
import type { StatusOptions } from './status.ts'
import { status } from './status.ts'

/** Bytes: a batch of operations that deploy and call. */
const bodyLimit = 1 << 20
/** Milliseconds in which a whole request has to arrive: who sends a byte now and then would keep its connection. */
const defaultRequestTimeoutMs = 30_000

/** The HTTP server, not listening yet. */
export function createServer({
  log,
  admin: administration,
  requestTimeoutMs = defaultRequestTimeoutMs,
  ...options
}: JsonRpcOptions &
  StatusOptions & {
    log: FastifyBaseLogger
    admin?: AdminOptions
    requestTimeoutMs?: number
  }): FastifyInstance {
  const server = createHttpServer({
    bodyLimit,
    requestTimeoutMs,
    loggerInstance: log,
    // A line for each request would hold `?apikey=`.
    logController: new LogController({ disableRequestLogging: true }),
  })

  server.register(async (open) => {
    // Wallets in browsers call from any page; the key decides.
    open.register(cors, { origin: '*', methods: ['GET', 'POST'] })
    open.register(jsonRpc, options)
    open.register(status, options)
  })
  // Outside of that: no page has business with it.
  if (administration) server.register(admin, { ...administration, prefix: '/admin' })

  server.setErrorHandler((error, request, reply) => {
    const { statusCode = 500, code } = error as { statusCode?: number; code?: string }
    if (statusCode >= 500) request.log.error({ err: error }, 'request failed')
    reply.code(Math.min(statusCode, 500))
    return { jsonrpc: '2.0', id: null, error: toJsonRpcError(bodyError(statusCode, code)) }
  })
  server.setNotFoundHandler((_request, reply) => {
    reply.code(404)
    return { message: 'POST / or /rpc for JSON-RPC; GET /health, /ready, /usage' }
  })
  return server
}

/** What fastify refuses before a handler runs, as JSON-RPC names it. */
function bodyError(statusCode: number, code: string | undefined): RpcError {
  if (statusCode === 413)
    return new RpcError(rpcErrorCode.invalidRequest, `the body is larger than ${bodyLimit} bytes`)
  if (statusCode === 415)
    return new RpcError(rpcErrorCode.invalidRequest, 'expected content-type application/json')
  if (statusCode >= 500) return new RpcError(rpcErrorCode.internal, 'internal error')
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY')
    return new RpcError(rpcErrorCode.parseError, 'the body is empty')
  return new RpcError(rpcErrorCode.parseError, 'the body is not JSON')
}

import { createHttpServer } from '@fabstir/service'
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import { rpcErrorCode } from '../types/rpcError.ts'
import { failure } from './answer.ts'
import type { Dispatch } from './dispatch.ts'
import { createDispatch } from './dispatch.ts'
import type { AccessOptions } from './limits/identify.ts'
import { createIdentify } from './limits/identify.ts'
import type { Methods } from './method.ts'
import type { HealthOptions } from './plugins/health.ts'
import { health } from './plugins/health.ts'
import { jsonRpc } from './plugins/jsonRpc.ts'
import type { WebSocketOptions } from './plugins/webSocket.ts'
import { addWebSocket } from './plugins/webSocket.ts'

export type ServerOptions = {
  methods: Methods
  health: HealthOptions
  /** Bytes of a request body. */
  maxBody: number
  /** Requests in one batch. */
  maxBatch: number
  /** Characters that the answers of one batch may have together. */
  maxBatchAnswer: number
  /** Milliseconds in which a whole request must have arrived, and which the end waits for requests. */
  requestTimeoutMs: number
  access: AccessOptions
  webSocket: Pick<WebSocketOptions, 'limits' | 'onOperationEvent'>
  onUnexpected: (method: string, error: unknown) => void
  /** Watches every call of a method. */
  observe?: <D extends Dispatch>(dispatch: D) => D
}

/** The network side of the bundler: HTTP and WebSocket. Every answer is JSON, and none shows the inside of the process. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { methods, maxBody, maxBatch, maxBatchAnswer, requestTimeoutMs, onUnexpected } = options
  const { observe = (dispatch) => dispatch } = options
  const dispatch = observe(createDispatch(methods))
  const answering = { dispatch, maxBatch, maxBatchAnswer, onUnexpected }
  const identify = createIdentify(options.access)
  const app = createHttpServer({
    bodyLimit: maxBody,
    requestTimeoutMs,
    http: {
      // Other upgrades (h2c of some HTTP clients) are offers that a server may pass over.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
  })

  app.setErrorHandler((error: { statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? 500
    if (status === 413) {
      const message = `the body is larger than ${maxBody} bytes`
      return reply.code(413).send(failure(null, rpcErrorCode.invalidRequest, message))
    }
    if (status === 415) {
      const message = 'the content type must be application/json'
      return reply.code(415).send(failure(null, rpcErrorCode.invalidRequest, message))
    }
    if (status >= 400 && status < 500) {
      const message = 'the HTTP request is malformed'
      return reply.code(status).send(failure(null, rpcErrorCode.invalidRequest, message))
    }
    onUnexpected('http', error)
    return reply.code(200).send(failure(null, rpcErrorCode.internal, 'internal error'))
  })
  app.setNotFoundHandler((_, reply) => {
    const message =
      'JSON-RPC is at POST / and POST /rpc (WebSocket likewise), health at GET /health and GET /ready'
    return reply.code(404).send(failure(null, rpcErrorCode.invalidRequest, message))
  })

  await app.register(cors, { origin: '*', methods: ['GET', 'POST'] })
  await addWebSocket(app, { ...answering, ...options.webSocket, identify })
  await app.register(health, options.health)
  await app.register(jsonRpc, { ...answering, identify })
  return app
}

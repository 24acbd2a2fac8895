import type { FastifyInstance } from 'fastify'
import type { OperationEvent } from '../../types/operationEvent.ts'
import type { Methods } from '../method.ts'
import type { WebSocketOptions } from '../plugins/webSocket.ts'
import type { ServerOptions } from '../server.ts'
import { createServer } from '../server.ts'

/** WebSocket options of a server that has no events to tell. */
export function testWebSocket(
  limits: Partial<WebSocketOptions['limits']> = {},
  onOperationEvent: WebSocketOptions['onOperationEvent'] = () => () => undefined,
): Pick<WebSocketOptions, 'limits' | 'onOperationEvent'> {
  return {
    limits: {
      maxMessage: 400_000,
      maxConnections: 5,
      maxSubscriptions: 3,
      maxBufferedBytes: 100_000,
      maxConcurrent: 8,
      closeTimeoutMs: 200,
      pingIntervalMs: 60_000,
      ...limits,
    },
    onOperationEvent,
  }
}

/** A server on a free port of the loopback, and a way to tell its subscribers of events. */
export async function startTestServer(
  methods: Methods,
  options: Partial<ServerOptions> & { limits?: Partial<WebSocketOptions['limits']> } = {},
): Promise<{
  app: FastifyInstance
  url: string
  tell: (event: OperationEvent) => void
  listeners: () => number
}> {
  const { limits, ...rest } = options
  const listeners = new Set<(event: OperationEvent) => void>()
  const app = await createServer({
    methods,
    health: { live: {}, ready: {} },
    maxBody: 400_000,
    maxBatch: 3,
    maxBatchAnswer: 100_000,
    requestTimeoutMs: 1_000,
    access: { apiKeys: new Map(), now: Date.now },
    onUnexpected: (_, error) => {
      throw error
    },
    webSocket: testWebSocket(limits, (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }),
    ...rest,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    app,
    url,
    tell: (event) => listeners.forEach((listener) => void listener(event)),
    listeners: () => listeners.size,
  }
}

import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { WebSocket } from '@fastify/websocket'
import fastifyWebSocket from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import type { OperationEvent } from '../../types/operationEvent.ts'
import { rpcErrorCode } from '../../types/rpcError.ts'
import type { AnswerOptions } from '../answer.ts'
import { failure, refused } from '../answer.ts'
import type { Identify } from '../limits/identify.ts'
import type { ConnectionLimits } from '../webSocket/connection.ts'
import { closeCode, createConnection } from '../webSocket/connection.ts'
import { identifyRequest, refuseUnknown, rpcPaths, tooManyRequests } from './jsonRpc.ts'

export type WebSocketOptions = AnswerOptions & {
  identify: Identify
  limits: ConnectionLimits & {
    /** Bytes of a message. */
    maxMessage: number
    maxConnections: number
    /** Milliseconds between pings; a client that missed one is gone. */
    pingIntervalMs: number
  }
  /** Tells every step of every operation to `listener`; returns how to stop that. */
  onOperationEvent: (listener: (event: OperationEvent) => void) => () => void
}

/**
 * GET with an upgrade to WebSocket on any of `rpcPaths`: all methods, and notifications. No plugin of its
 * own scope, and before all routes: else an upgrade to some other path would be answered and left open.
 */
export async function addWebSocket(app: FastifyInstance, options: WebSocketOptions): Promise<void> {
  const { limits, identify } = options
  // `ws` takes the timeout off; what never becomes a WebSocket is cut.
  app.server.on('upgrade', (_, socket: Socket) =>
    socket.setTimeout(limits.closeTimeoutMs, () => socket.destroy()),
  )
  await app.register(fastifyWebSocket, {
    options: { maxPayload: limits.maxMessage, clientTracking: true },
    // The socket is closed by `ws` with the fitting code (1007, 1009); there is nobody to tell more.
    errorHandler: (_, socket) => socket.terminate(),
    preClose(done) {
      const server = app.websocketServer
      for (const socket of server.clients) socket.close(closeCode.goingAway, 'the bundler stops')
      // A client that does not say goodbye cannot hold up the end.
      const cut = setTimeout(() => {
        for (const socket of server.clients) socket.terminate()
      }, limits.closeTimeoutMs)
      server.close(() => {
        clearTimeout(cut)
        done()
      })
    },
  })
  const missedPing = new WeakSet<WebSocket>()
  const pinging = setInterval(() => {
    for (const socket of app.websocketServer.clients) {
      if (missedPing.has(socket)) socket.terminate()
      missedPing.add(socket)
      socket.ping()
    }
  }, limits.pingIntervalMs)
  pinging.unref()
  app.addHook('onClose', async () => clearInterval(pinging))

  // Before the upgrade, so that a refusal is an HTTP answer.
  app.addHook('onRequest', async (request, reply) => {
    const { url } = request.routeOptions
    if (!request.ws || url === undefined) return undefined
    if (!isRpcPath(url)) return reply.callNotFound()
    const caller = identifyRequest(identify, request)
    if (!caller) return refuseUnknown(reply)
    const refusal = caller.charge(1)
    if (refusal) return tooManyRequests(reply, refusal).send(refused(null, refusal))
    if (app.websocketServer.clients.size < limits.maxConnections) return undefined
    const message = `there are ${limits.maxConnections} WebSocket connections, the most there may be`
    return reply.code(503).send(failure(null, rpcErrorCode.limitExceeded, message))
  })

  for (const url of rpcPaths) {
    app.route({
      method: 'GET',
      url,
      handler: (_, reply) => reply.callNotFound(),
      wsHandler(socket, request) {
        const caller = identifyRequest(identify, request)
        if (!caller) return socket.terminate()
        const connection = createConnection({
          socket,
          caller,
          answering: options,
          limits,
          newId: () => `0x${randomBytes(16).toString('hex')}`,
        })
        const stop = options.onOperationEvent((event) => connection.deliver(event))
        socket.on('close', stop)
        socket.on('pong', () => missedPing.delete(socket))
        socket.on('message', (data, isBinary) => {
          void connection.onMessage(data, isBinary)
        })
      },
    })
  }
}

function isRpcPath(url: string): boolean {
  return rpcPaths.some((path) => path === url)
}

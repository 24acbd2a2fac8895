import type { Hex } from 'viem'
import type { OperationEvent } from '../../types/operationEvent.ts'
import type { AnswerOptions } from '../answer.ts'
import { answer } from '../answer.ts'
import type { Caller } from '../method.ts'
import { eventToJson } from './eventToJson.ts'
import { createSubscriptions } from './subscriptions.ts'

/** The parts of a `ws` socket that a connection uses. */
export type Socket = {
  readonly OPEN: number
  readonly readyState: number
  /** Bytes that the client has not taken yet. */
  readonly bufferedAmount: number
  send(text: string): void
  close(code: number, reason: string): void
  terminate(): void
  pause(): void
  resume(): void
}

export type ConnectionLimits = {
  maxSubscriptions: number
  /** Bytes that may wait for a client to read them. */
  maxBufferedBytes: number
  /** Requests (messages) of one connection that are answered at a time; more wait in its socket. */
  maxConcurrent: number
  /** Milliseconds until a connection that was told to close is cut. */
  closeTimeoutMs: number
}

/** RFC 6455 and IANA close codes. */
export const closeCode = { goingAway: 1001, unsupportedData: 1003, tryAgainLater: 1013 } as const

export type Connection = {
  onMessage(data: { toString(): string }, isBinary: boolean): Promise<void>
  deliver(event: OperationEvent): void
}

/** JSON-RPC over one WebSocket: requests and batches in, answers and notifications out. */
export function createConnection(deps: {
  socket: Socket
  caller: Caller
  answering: AnswerOptions
  limits: ConnectionLimits
  newId: () => Hex
}): Connection {
  const { socket, caller, answering, limits } = deps
  let running = 0
  let closing = false

  function close(code: number, reason: string) {
    if (closing) return
    closing = true
    socket.close(code, reason)
    // A client that reads nothing never sees the close frame.
    setTimeout(() => socket.terminate(), limits.closeTimeoutMs).unref()
  }

  function send(text: string) {
    if (closing || socket.readyState !== socket.OPEN) return
    socket.send(text)
    const waiting = socket.bufferedAmount
    if (waiting <= limits.maxBufferedBytes) return
    close(
      closeCode.tryAgainLater,
      `slow consumer: ${waiting} bytes unread, at most ${limits.maxBufferedBytes}`,
    )
  }

  const subscriptions = createSubscriptions({
    max: limits.maxSubscriptions,
    newId: deps.newId,
    notify(subscription, event) {
      const params = { subscription, result: eventToJson(event) }
      send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params }))
    },
  })

  return {
    async onMessage(data, isBinary) {
      if (closing) return
      if (isBinary) {
        close(closeCode.unsupportedData, 'JSON-RPC messages are text')
        return
      }
      running += 1
      if (running >= limits.maxConcurrent) socket.pause()
      try {
        const subscriber = subscriptions.during()
        const { body } = await answer(data.toString(), answering, { ...caller, subscriber })
        if (body !== undefined) send(body)
        subscriber.release()
      } finally {
        running -= 1
        if (running < limits.maxConcurrent) socket.resume()
      }
    },
    deliver(event) {
      if (!closing) subscriptions.deliver(event)
    },
  }
}

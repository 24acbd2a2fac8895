import { type Hex, isHex } from 'viem'
import { MalformedAnswerError } from './transport.ts'

/** A JSON-RPC error as the service sent it. */
export type RpcFailure = {
  code: number
  message: string
  data: unknown
  /** Revert bytes, where the service gives some. */
  revertData: Hex | undefined
}

/** The JSON-RPC error at the bottom of what viem throws; `undefined` when the service gave no answer. */
export function findRpcFailure(error: unknown): RpcFailure | undefined {
  let found: RpcFailure | undefined
  for (const link of causes(error)) {
    if (!('code' in link && typeof link.code === 'number')) continue
    const data = 'data' in link ? link.data : undefined
    // viem's -1 stands for "unknown"; codes from 0 up are those of other systems (DOMException, wallets), but for the
    // one by which nodes answer a call that reverted.
    if (link.code >= -1 && !(link.code === callReverted && isHex(data))) continue
    const details = 'details' in link && typeof link.details === 'string' ? link.details : undefined
    found = {
      code: link.code,
      message: details ?? link.message,
      data: data ?? found?.data,
      revertData: toRevertData(data) ?? found?.revertData,
    }
  }
  return found
}

/** Code of geth and those that follow it, with the revert bytes as data. */
const callReverted = 3

/** A request that got no answer of JSON-RPC. */
export type TransportFailure = {
  /** Of HTTP; 0 when there was no answer at all. */
  status: number
  /** What the answer said of the next try, in seconds. */
  retryAfter: number | undefined
}

/** The first transport failure in the chain of causes. */
export function findTransportFailure(error: unknown): TransportFailure | undefined {
  for (const link of causes(error)) {
    if (!transportFailures.has(link.name)) continue
    const { status, headers } = link as { status?: unknown; headers?: Headers }
    const seconds = Number.parseInt(headers?.get('retry-after') ?? '', 10)
    return {
      status: typeof status === 'number' ? status : 0,
      retryAfter: Number.isNaN(seconds) ? undefined : seconds,
    }
  }
  return undefined
}

/** Whether the server had no answer to give: nobody knows what became of the request. */
export const isOutage = ({ status }: TransportFailure) =>
  status < 400 || status === requestTimeout || status >= 500

/**
 * Nobody knows what became of the request: no answer, none that makes sense, or one of a gateway that had none.
 * An HTTP status of the 400s is an answer: the request was refused unread.
 */
export function isUnanswered(error: unknown): boolean {
  if (findRpcFailure(error)) return false
  for (const link of causes(error)) if (link instanceof MalformedAnswerError) return true
  const failure = findTransportFailure(error)
  return failure !== undefined && isOutage(failure)
}

const requestTimeout = 408

const transportFailures = new Set([
  'HttpRequestError',
  'WebSocketRequestError',
  'SocketClosedError',
  'TimeoutError',
])

/** An error and its causes, from the outside in. */
export function* causes(error: unknown): Generator<Error> {
  // A chain of causes can be a ring when somebody assigns one by hand.
  for (let link = error, depth = 0; link instanceof Error && depth < 20; depth += 1) {
    yield link
    link = link.cause
  }
}

function toRevertData(data: unknown): Hex | undefined {
  if (isHex(data)) return data
  if (typeof data !== 'object' || data === null || !('revertData' in data)) return undefined
  return isHex(data.revertData) ? data.revertData : undefined
}

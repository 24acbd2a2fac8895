import { rpcEndpoint } from '@fabstir/service/rpcEndpoint'
import type { Hex } from 'viem'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { callOver } from './callOver.ts'
import type { ChainReader, JsonRpcRequest } from './reader.ts'
import { ChainError } from './reader.ts'

export type HttpChainReaderOptions = {
  /** HTTP(S) JSON-RPC URL of the node. It may carry a key, so it is never part of an error. */
  url: string
  /** Milliseconds after which a request counts as unanswered. */
  timeoutMs: number
  fetch?: typeof fetch
}

/** A `ChainReader` over HTTP JSON-RPC. */
export function createHttpChainReader(options: HttpChainReaderOptions): ChainReader {
  const { url, timeoutMs, fetch: send = fetch } = options
  const { href, headers } = rpcEndpoint(url)
  let nextId = 1
  let refusesBatches = false

  /** Sends a body and returns the answer that belongs to it, whatever its shape. */
  async function post(method: string, body: unknown): Promise<unknown> {
    try {
      const response = await send(href, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      })
      const answer = parseJson(await response.text())
      if (!isObject(answer) && !Array.isArray(answer)) {
        throw nodeUnavailable(method, `HTTP ${response.status} without a JSON-RPC answer`)
      }
      return answer
    } catch (error) {
      if (error instanceof RpcError) throw error
      throw nodeUnavailable(method, describe(error, timeoutMs))
    }
  }

  async function request(method: string, params: unknown[]): Promise<unknown> {
    const answer = await post(method, { jsonrpc: '2.0', id: nextId++, method, params })
    const outcome = outcomeOf(method, answer)
    if (outcome instanceof ChainError) throw outcome
    return outcome
  }

  async function batch(requests: readonly JsonRpcRequest[]): Promise<unknown[]> {
    const [first] = requests
    if (!first) return []
    if (requests.length === 1 || refusesBatches) return Promise.all(requests.map(alone))
    const bodies = requests.map((body) => ({ jsonrpc: '2.0', id: nextId++, ...body }))
    const answer = await post(first.method, bodies)
    if (!Array.isArray(answer)) {
      const refusal = outcomeOf(first.method, answer)
      if (refusal instanceof ChainError && isBusy(refusal)) {
        throw nodeUnavailable(first.method, `its error ${refusal.code} to a batch`)
      }
      // A node that takes no batches answers with one error: from now on each request goes alone.
      refusesBatches = true
      return Promise.all(requests.map(alone))
    }
    const byId = new Map(answer.map((part) => [isObject(part) ? part.id : undefined, part]))
    return bodies.map(({ id, method }) => outcomeOf(method, byId.get(id)))
  }

  async function alone({ method, params }: JsonRpcRequest): Promise<unknown> {
    return request(method, params).catch((error: unknown) => {
      if (error instanceof ChainError) return error
      throw error
    })
  }

  return {
    request,
    batch,
    call: (parameters) => callOver(request, parameters),
  }
}

/** Codes for an unavailable resource and a rate limit (EIP-1474, providers). */
const BUSY_CODES = new Set([-32002, -32005, 429])

/** Whether the node would have taken the same request at another time. */
export function isBusy({ code, message }: ChainError): boolean {
  if (/batch/i.test(message)) return false
  return (
    BUSY_CODES.has(code) ||
    /rate.?limit|too many requests|timed? ?-?out|unavailable|overloaded|capacity/i.test(message)
  )
}

/** The result of one answer, or the error that the node put in its place. */
function outcomeOf(method: string, answer: unknown): unknown {
  if (!isObject(answer)) throw nodeUnavailable(method, 'no answer in its batch')
  if (isObject(answer.error)) return toChainError(method, answer.error)
  if (!('result' in answer)) throw nodeUnavailable(method, 'an answer without result')
  return answer.result
}

function toChainError(method: string, error: Record<string, unknown>): ChainError {
  const code = typeof error.code === 'number' ? error.code : 0
  const message = typeof error.message === 'string' ? error.message : 'unknown error of the node'
  return new ChainError(method, code, message, revertBytes(error.data))
}

/** geth and anvil put the bytes into `data`, others into `data.data` or behind a "Reverted " prefix. */
function revertBytes(data: unknown): Hex | undefined {
  if (typeof data === 'string') {
    const match = /0x(?:[0-9a-f]{2})*$/i.exec(data)
    return match ? (match[0] as Hex) : undefined
  }
  if (isObject(data) && typeof data.data === 'string') return revertBytes(data.data)
  return undefined
}

function nodeUnavailable(method: string, cause: string): RpcError {
  return new RpcError(rpcErrorCode.nodeUnavailable, `the node did not answer ${method}: ${cause}`, {
    reason: 'nodeUnavailable',
    method,
  })
}

/** Whether `error` says that the node could not be reached (as opposed to: it answered with an error). */
export function isNodeUnavailable(error: unknown): boolean {
  return error instanceof RpcError && error.code === rpcErrorCode.nodeUnavailable
}

function describe(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'request failed'
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`
  const { cause } = error
  if (isObject(cause) && typeof cause.code === 'string') return cause.code
  return 'connection failed'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

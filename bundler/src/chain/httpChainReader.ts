import type { Hex } from 'viem'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { CallParameters, CallResult, ChainReader } from './reader.ts'
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
  let nextId = 1

  async function request(method: string, params: unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: nextId++, method, params })
    let answer: unknown
    try {
      const response = await send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      })
      const text = await response.text()
      answer = parseJson(text)
      if (!isObject(answer)) {
        throw nodeUnavailable(method, `HTTP ${response.status} without a JSON-RPC answer`)
      }
    } catch (error) {
      if (error instanceof RpcError) throw error
      throw nodeUnavailable(method, describe(error, timeoutMs))
    }
    if (isObject(answer.error)) throw toChainError(method, answer.error)
    if (!('result' in answer)) throw nodeUnavailable(method, 'an answer without result')
    return answer.result
  }

  return {
    request,
    call: (parameters) => call(request, parameters),
  }
}

/** `eth_call` through any `request` function; reverts become values. */
async function call(
  request: ChainReader['request'],
  { to, data, from, gas, stateOverride, blockTag = 'latest' }: CallParameters,
): Promise<CallResult> {
  const transaction = {
    to,
    data,
    ...(from && { from }),
    ...(gas !== undefined && { gas: `0x${gas.toString(16)}` }),
  }
  const params = stateOverride ? [transaction, blockTag, stateOverride] : [transaction, blockTag]
  try {
    return { ok: true, data: (await request('eth_call', params)) as Hex }
  } catch (error) {
    if (error instanceof ChainError && isRevert(error)) {
      return { ok: false, data: error.data ?? '0x', message: error.message }
    }
    throw error
  }
}

/** Exceptional halts in the words of geth, and what anvil puts before the name of any halt. */
const haltMessages =
  /EVM error|out of gas|invalid opcode|invalid jump|stack (?:under|over)flow|stack limit|return data out of bounds|write protection|gas uint64 overflow/i

/**
 * Nodes disagree on the code of a revert (3, -32000, -32015): bytes or wording decide. A halt counts as
 * one: whoever is called can bring it about, so it must not look like a fault of the node.
 */
function isRevert(error: ChainError): boolean {
  return (
    error.data !== undefined ||
    error.code === 3 ||
    /revert/i.test(error.message) ||
    haltMessages.test(error.message)
  )
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

import { setTimeout as wait } from 'node:timers/promises'
import { rpcEndpoint } from '@fabstir/service/rpcEndpoint'

/** Asks a node one thing. @throws RpcAnswerError, and what `fetch` throws. */
export type AskNode = (method: string, params: readonly unknown[]) => Promise<unknown>

type Question = {
  method: string
  params: readonly unknown[]
  resolve(answer: unknown): void
  reject(reason: unknown): void
}

/** Most questions in one HTTP request. */
const maxBatch = 1_000
/** Milliseconds before the one more try of what may be answered then. */
const retryMs = 150
/** HTTP: request timeout, too many requests, and what is between client and node. */
const passingStatuses = new Set([408, 429, 500, 502, 503, 504])
/** JSON-RPC: internal error, limit exceeded (EIP-1474). */
const passingCodes = new Set([-32603, -32005])

/**
 * JSON-RPC over HTTP, for three questions with each sponsorship: what is asked in one turn of the event loop is one
 * HTTP request. viem's transport does the same with a dozen promises and closures for each of them (decision 104).
 */
export function batchRpc(url: string, { timeoutMs }: { timeoutMs: number }): AskNode {
  const { href, headers } = rpcEndpoint(url)
  let waiting: Question[] = []

  async function send() {
    const questions = waiting.slice(0, maxBatch)
    waiting = waiting.slice(maxBatch)
    if (waiting.length > 0) setImmediate(send)
    try {
      const answers = await post(
        questions.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })),
      )
      for (const [id, { resolve, reject }] of questions.entries()) {
        const { result, error } = answers.get(id) ?? { error: { message: 'no answer' } }
        if (error) reject(new RpcAnswerError(error))
        else resolve(result)
      }
    } catch (reason) {
      for (const { reject } of questions) reject(reason)
    }
  }

  async function post(body: readonly object[]): Promise<Map<unknown, RpcAnswer>> {
    const response = await fetch(href, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    if (!response.ok) throw new RpcStatusError(response.status)
    const answers: unknown = JSON.parse(text)
    // A node that takes no batch answers with one error.
    if (!Array.isArray(answers)) throw new RpcAnswerError((answers as RpcAnswer).error ?? {})
    return new Map(answers.map((answer: RpcAnswer) => [answer.id, answer]))
  }

  const ask: AskNode = (method, params) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(send)
      waiting.push({ method, params, resolve, reject })
    })

  return (method, params) =>
    ask(method, params).catch(async (reason) => {
      if (!isPassing(reason)) throw reason
      await wait(retryMs)
      return ask(method, params)
    })
}

type RpcAnswer = { id?: unknown; result?: unknown; error?: { code?: number; message?: string } }

/** Whether the next try may succeed: what is lost on the way, or what somebody says is for now. */
function isPassing(reason: unknown): boolean {
  if (reason instanceof RpcAnswerError) return passingCodes.has(reason.code ?? 0)
  if (reason instanceof RpcStatusError) return passingStatuses.has(reason.status)
  return true
}

/** The node answers with an error. */
export class RpcAnswerError extends Error {
  override name = 'RpcAnswerError'
  readonly code: number | undefined

  constructor({ code, message }: { code?: number; message?: string }) {
    super(`the node answers: ${message} (${code})`)
    this.code = code
  }
}

/** The node, or what is before it, answers with an HTTP status. */
class RpcStatusError extends Error {
  override name = 'RpcStatusError'
  readonly status: number

  constructor(status: number) {
    super(`the node answers with HTTP status ${status}`)
    this.status = status
  }
}

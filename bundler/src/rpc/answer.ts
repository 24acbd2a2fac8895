import { z } from 'zod'
import { rpcErrorCode } from '../types/rpcError.ts'
import type { JsonRpcError } from './errors.ts'
import { isUnexpected, toJsonRpcError } from './errors.ts'
import type { Refusal } from './limits/rateLimits.ts'
import type { Caller } from './method.ts'

export type AnswerOptions = {
  /** Looks up the method and runs it. Throws on unknown methods and bad params. */
  dispatch: (method: string, params: readonly unknown[], caller: Caller) => Promise<unknown>
  /** Requests in one batch. */
  maxBatch: number
  /** Told about faults of this program. */
  onUnexpected: (method: string, error: unknown) => void
}

type Id = string | number | null
export type Response = { jsonrpc: '2.0'; id: Id } & ({ result: unknown } | { error: JsonRpcError })

export type Answer = {
  /** Absent when nothing but notifications came, which have no answer. */
  body?: Response | Response[]
  /** Present when the rate limit refused the whole of it. */
  refusal?: Refusal
}

const request = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
})

/** Answers one JSON-RPC 2.0 request or a batch of them, as text, whatever carried it. Never throws. */
export async function answer(
  text: string,
  options: AnswerOptions,
  caller: Caller,
): Promise<Answer> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { body: failure(null, rpcErrorCode.parseError, 'the body is not valid JSON') }
  }
  const batch: unknown[] | undefined = Array.isArray(parsed) ? parsed : undefined
  if (batch?.length === 0) {
    return { body: failure(null, rpcErrorCode.invalidRequest, 'the batch is empty') }
  }
  if (batch && batch.length > options.maxBatch) {
    const message = `a batch holds at most ${options.maxBatch} requests, got ${batch.length}`
    return { body: failure(null, rpcErrorCode.invalidRequest, message) }
  }
  const refusal = caller.charge(batch?.length ?? 1)
  if (refusal) return { body: refused(batch ? null : idOf(parsed), refusal), refusal }
  if (!batch) {
    const body = await answerOne(parsed, options, caller)
    return body === undefined ? {} : { body }
  }
  const answers = await Promise.all(batch.map((one) => answerOne(one, options, caller)))
  const body = answers.filter((one) => one !== undefined)
  return body.length > 0 ? { body } : {}
}

/** @returns `undefined` for a notification (a request without id), which has no answer. */
async function answerOne(
  value: unknown,
  options: AnswerOptions,
  caller: Caller,
): Promise<Response | undefined> {
  const parsed = request.safeParse(value)
  if (!parsed.success) return invalidRequest(value)
  const { id, method, params } = parsed.data
  let response: Response
  try {
    const result = await options.dispatch(method, params ?? [], caller)
    response = { jsonrpc: '2.0', id: id ?? null, result: result ?? null }
  } catch (error) {
    if (isUnexpected(error)) options.onUnexpected(method, error)
    response = { jsonrpc: '2.0', id: id ?? null, error: toJsonRpcError(error) }
  }
  return id === undefined ? undefined : response
}

function invalidRequest(value: unknown): Response {
  const id = idOf(value)
  const positional = z.looseObject({ params: z.array(z.unknown()).optional() }).safeParse(value)
  if (id !== null && !positional.success) {
    return failure(id, rpcErrorCode.invalidParams, 'params must be an array')
  }
  return failure(
    id,
    rpcErrorCode.invalidRequest,
    'not a JSON-RPC 2.0 request: jsonrpc must be "2.0", method a string, params an array',
  )
}

function idOf(value: unknown): Id {
  const fields = z.looseObject({ id: z.union([z.string(), z.number()]) }).safeParse(value)
  return fields.success ? fields.data.id : null
}

function refused(id: Id, { rate, requests, waitMs }: Refusal): Response {
  const { perSecond, burst } = rate
  const message = Number.isFinite(waitMs)
    ? `the rate limit of ${perSecond} requests a second (${burst} at once) is reached, try again in ${waitMs} ms`
    : `${requests} requests at once are more than the rate limit ever allows (${burst})`
  const retryAfterMs = Number.isFinite(waitMs) ? waitMs : null
  const data = { rule: 'rateLimit', requests, perSecond, burst, retryAfterMs }
  return { jsonrpc: '2.0', id, error: { code: rpcErrorCode.limitExceeded, message, data } }
}

export function failure(id: Id, code: number, message: string): Response {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

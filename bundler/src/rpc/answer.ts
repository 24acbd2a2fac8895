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
  /** Characters that the answers of one batch may have together. */
  maxBatchAnswer: number
  /** Told about faults of this program. */
  onUnexpected: (method: string, error: unknown) => void
}

type Id = string | number | null
type Response = { jsonrpc: '2.0'; id: Id } & ({ result: unknown } | { error: JsonRpcError })

export type Answer = {
  /** JSON; absent when nothing but notifications came, which have no answer. */
  body?: string
  /** Present when the rate limit refused the whole of it. */
  refusal?: Refusal
}

const request = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
})

/** Requests of one batch that are answered at a time: each answer is held until the last one is there. */
const MAX_AT_ONCE = 32

/** Answers one JSON-RPC 2.0 request or a batch of them, as text, whatever carried it. Never throws. */
export async function answer(
  text: string,
  options: AnswerOptions,
  caller: Caller,
): Promise<Answer> {
  const { value, batch, fault } = read(text, options.maxBatch)
  // What cannot be answered has cost its reading.
  const refusal = caller.charge(fault ? 1 : (batch?.length ?? 1))
  if (refusal) {
    return { body: JSON.stringify(refused(batch ? null : idOf(value), refusal)), refusal }
  }
  if (fault) return { body: JSON.stringify(fault) }
  if (batch) return answerBatch(batch, options, caller)
  const response = await answerOne(value, options, caller)
  return response === undefined ? {} : { body: JSON.stringify(response) }
}

/** @returns What came, its requests if it is a batch, and what is wrong with the whole of it. */
function read(
  text: string,
  maxBatch: number,
): { value: unknown; batch?: unknown[]; fault?: Response } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const fault = failure(null, rpcErrorCode.parseError, 'the body is not valid JSON')
    return { value: undefined, fault }
  }
  if (!Array.isArray(value)) return { value }
  const batch: unknown[] = value
  if (batch.length === 0) {
    return { value, batch, fault: failure(null, rpcErrorCode.invalidRequest, 'the batch is empty') }
  }
  if (batch.length <= maxBatch) return { value, batch }
  const message = `a batch holds at most ${maxBatch} requests, got ${batch.length}`
  return { value, batch, fault: failure(null, rpcErrorCode.invalidRequest, message) }
}

/** A few bytes can ask for megabytes: what has no place in the answer any more is not even run. */
async function answerBatch(
  batch: readonly unknown[],
  options: AnswerOptions,
  caller: Caller,
): Promise<Answer> {
  const { maxBatchAnswer } = options
  const texts: string[] = []
  let next = 0
  let size = 0
  let isFull = false
  async function work() {
    while (next < batch.length) {
      const index = next++
      const one = batch[index]
      const response = isFull ? undefined : await answerOne(one, options, caller)
      if (response === undefined && isNotification(one)) continue
      const text = response && JSON.stringify(response)
      if (text !== undefined && size + text.length <= maxBatchAnswer) {
        size += text.length
        texts[index] = text
      } else {
        isFull = true
        texts[index] = JSON.stringify(tooLarge(idOf(one), maxBatchAnswer))
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(MAX_AT_ONCE, batch.length) }, work))
  const answers = texts.filter((text) => text !== undefined)
  return answers.length > 0 ? { body: `[${answers.join()}]` } : {}
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

function isNotification(value: unknown): boolean {
  const parsed = request.safeParse(value)
  return parsed.success && parsed.data.id === undefined
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

function tooLarge(id: Id, limit: number): Response {
  const message = `the answers of the batch would be larger than ${limit} characters, ask for fewer at once`
  const data = { rule: 'maxBatchAnswer', limit }
  return { jsonrpc: '2.0', id, error: { code: rpcErrorCode.limitExceeded, message, data } }
}

/** The answer to whoever asks too often. */
export function refused(id: Id, { rate, requests, waitMs }: Refusal): Response {
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

import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { z } from 'zod'
import { rpcErrorCode } from '../../types/rpcError.ts'
import type { JsonRpcError } from '../errors.ts'
import { isUnexpected, toJsonRpcError } from '../errors.ts'

export type JsonRpcOptions = {
  /** Looks up the method and runs it. Throws on unknown methods and bad params. */
  dispatch: (method: string, params: readonly unknown[]) => Promise<unknown>
  /** Requests in one batch. */
  maxBatch: number
  /** Told about faults of this program. */
  onUnexpected: (method: string, error: unknown) => void
}

type Id = string | number | null
type Response = { jsonrpc: '2.0'; id: Id } & ({ result: unknown } | { error: JsonRpcError })

const request = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
})

/** POST / and POST /rpc: one JSON-RPC 2.0 request or a batch of them. */
export const jsonRpc: FastifyPluginAsync<JsonRpcOptions> = async (app, options) => {
  app.removeAllContentTypeParsers()
  // Parsed below rather than by fastify: malformed JSON has an answer of its own in JSON-RPC.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) =>
    done(null, body),
  )

  const handle = async (body: unknown, reply: FastifyReply) => {
    let parsed: unknown
    try {
      parsed = JSON.parse(typeof body === 'string' ? body : '')
    } catch {
      return reply.send(failure(null, rpcErrorCode.parseError, 'the body is not valid JSON'))
    }
    const answer = Array.isArray(parsed)
      ? await answerBatch(parsed, options)
      : await answerOne(parsed, options)
    return answer === undefined ? reply.code(204).send() : reply.send(answer)
  }
  app.post('/', (req, reply) => handle(req.body, reply))
  app.post('/rpc', (req, reply) => handle(req.body, reply))
}

async function answerBatch(
  batch: readonly unknown[],
  options: JsonRpcOptions,
): Promise<Response | Response[] | undefined> {
  if (batch.length === 0) return failure(null, rpcErrorCode.invalidRequest, 'the batch is empty')
  if (batch.length > options.maxBatch) {
    const message = `a batch holds at most ${options.maxBatch} requests, got ${batch.length}`
    return failure(null, rpcErrorCode.invalidRequest, message)
  }
  const answers = await Promise.all(batch.map((one) => answerOne(one, options)))
  const sent = answers.filter((answer) => answer !== undefined)
  return sent.length > 0 ? sent : undefined
}

/** @returns `undefined` for a notification (a request without id), which has no answer. */
async function answerOne(value: unknown, options: JsonRpcOptions): Promise<Response | undefined> {
  const parsed = request.safeParse(value)
  if (!parsed.success) return invalidRequest(value)
  const { id, method, params } = parsed.data
  let response: Response
  try {
    const result = await options.dispatch(method, params ?? [])
    response = { jsonrpc: '2.0', id: id ?? null, result: result ?? null }
  } catch (error) {
    if (isUnexpected(error)) options.onUnexpected(method, error)
    response = { jsonrpc: '2.0', id: id ?? null, error: toJsonRpcError(error) }
  }
  return id === undefined ? undefined : response
}

function invalidRequest(value: unknown): Response {
  const fields = z.looseObject({ id: z.union([z.string(), z.number()]) }).safeParse(value)
  const id = fields.success ? fields.data.id : null
  const positional = z.looseObject({ params: z.array(z.unknown()).optional() }).safeParse(value)
  if (fields.success && !positional.success) {
    return failure(id, rpcErrorCode.invalidParams, 'params must be an array')
  }
  return failure(
    id,
    rpcErrorCode.invalidRequest,
    'not a JSON-RPC 2.0 request: jsonrpc must be "2.0", method a string, params an array',
  )
}

export function failure(id: Id, code: number, message: string): Response {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

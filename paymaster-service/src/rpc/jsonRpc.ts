import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { authorize } from './authorize.ts'
import type { Caller, Identify, RateRefusal } from './caller.ts'
import { RpcError, rpcErrorCode, toJsonRpcError } from './errors.ts'
import type { Methods } from './pm/methods.ts'

export type JsonRpcOptions = { methods: Methods; identify: Identify }

/** Most requests in one batch. */
const maxBatch = 100
/** Characters of a method's name: it is answered and logged, also of callers without a key. */
const maxMethod = 100
/** Characters that the log has of an answer. */
const maxReason = 1_000

const requestSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string().max(maxMethod),
  params: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).optional(),
})

/** POST / and /rpc: JSON-RPC 2.0 requests and batches. */
export const jsonRpc: FastifyPluginAsync<JsonRpcOptions> = async (
  server,
  { methods, identify },
) => {
  const handle = async (request: FastifyRequest) => {
    const caller = await identify(request)
    const { body } = request
    if (!Array.isArray(body))
      return answer(body, { caller, limit: await caller?.charge(1) }, request)
    if (body.length === 0 || body.length > maxBatch)
      return failure(null, rpcErrorCode.invalidRequest, `expected 1 to ${maxBatch} requests`)
    const asking = { caller, limit: await caller?.charge(body.length) }
    const answers = await Promise.all(body.map((entry) => answer(entry, asking, request)))
    return answers.filter((entry) => entry !== undefined)
  }

  /** `undefined` for a notification: every method here is asked for its answer, so none is run. */
  async function answer(
    body: unknown,
    { caller, limit }: { caller: Caller | undefined; limit: RateRefusal | undefined },
    request: FastifyRequest,
  ) {
    const parsed = requestSchema.safeParse(body)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const field = issue?.path.join('.') || 'request'
      return failure(idOf(body), rpcErrorCode.invalidRequest, `${field}: ${issue?.message}`)
    }
    const { id, method: name, params } = parsed.data
    if (id === undefined) return undefined
    try {
      const app = authorize(caller, name, limit)
      const method = methods.get(name)
      if (!method)
        throw new RpcError(rpcErrorCode.methodNotFound, `the method ${name} does not exist`)
      const result = await method(params, app)
      // Issued keys can be revoked meanwhile, in the seconds of a webhook too: then the answer stays here.
      if (app.keyId !== undefined) authorize(await identify(request), name, undefined)
      return { jsonrpc: '2.0', id, result }
    } catch (error) {
      const response = toJsonRpcError(error)
      const { code, message } = response
      // Where it is not the client's doing, with what is behind it.
      const isOurs = code === rpcErrorCode.internal || code === rpcErrorCode.nodeUnavailable
      const why = isOurs ? { err: error } : { reason: message.slice(0, maxReason) }
      const level = code === rpcErrorCode.internal ? 'error' : 'info'
      request.log[level]({ method: name, app: caller?.app.name, code, ...why }, 'not answered')
      return { jsonrpc: '2.0', id, error: response }
    }
  }

  for (const path of ['/', '/rpc']) {
    server.post(path, async (request, reply) => {
      const answers = await handle(request)
      const isEmpty = answers === undefined || (Array.isArray(answers) && answers.length === 0)
      if (isEmpty) return reply.code(204).send()
      return answers
    })
  }
}

function failure(id: string | number | null, code: number, message: string) {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

/** The id of a request that is otherwise broken, where it can be read. */
function idOf(body: unknown): string | number | null {
  if (typeof body !== 'object' || body === null || !('id' in body)) return null
  return typeof body.id === 'string' || typeof body.id === 'number' ? body.id : null
}

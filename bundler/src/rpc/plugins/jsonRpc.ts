import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { rpcErrorCode } from '../../types/rpcError.ts'
import type { AnswerOptions } from '../answer.ts'
import { answer, failure } from '../answer.ts'
import type { Identify } from '../limits/identify.ts'
import type { Refusal } from '../limits/rateLimits.ts'
import type { Caller } from '../method.ts'

export type JsonRpcOptions = AnswerOptions & { identify: Identify }

/** Where JSON-RPC is answered; the last one has an API key in the path, for clients that set no headers. */
export const rpcPaths = ['/', '/rpc', '/v1/:key/rpc'] as const

/** POST to any of `rpcPaths`: one JSON-RPC 2.0 request or a batch of them. */
export const jsonRpc: FastifyPluginAsync<JsonRpcOptions> = async (app, options) => {
  app.removeAllContentTypeParsers()
  // Parsed later rather than by fastify: malformed JSON has an answer of its own in JSON-RPC.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) =>
    done(null, body),
  )
  for (const path of rpcPaths) {
    app.post(path, async (request, reply) => {
      const caller = identifyRequest(options.identify, request)
      if (!caller) return refuseUnknown(reply)
      const text = typeof request.body === 'string' ? request.body : ''
      const { body, refusal } = await answer(text, options, caller)
      if (refusal) tooManyRequests(reply, refusal)
      if (body === undefined) return reply.code(204).send()
      return reply.type('application/json; charset=utf-8').send(body)
    })
  }
}

export function identifyRequest(identify: Identify, request: FastifyRequest): Caller | undefined {
  const { params, headers, ip } = request
  const pathKey =
    typeof params === 'object' &&
    params !== null &&
    'key' in params &&
    typeof params.key === 'string'
      ? params.key
      : undefined
  return identify({ headers, ip, pathKey })
}

/** Says when to come back, in seconds; a batch that is too large for ever has no such time. */
export function tooManyRequests(reply: FastifyReply, { waitMs }: Refusal): FastifyReply {
  if (Number.isFinite(waitMs)) reply.header('retry-after', Math.ceil(waitMs / 1_000))
  return reply.code(429)
}

export function refuseUnknown(reply: FastifyReply): FastifyReply {
  const message =
    'the API key is missing or unknown: send it as x-api-key, as Authorization: Bearer, or in /v1/KEY/rpc'
  return reply.code(401).send(failure(null, rpcErrorCode.unauthorized, message))
}

import type { FastifyPluginAsync } from 'fastify'
import type { Administrator } from '../admin/credentials.ts'
import { findAdministrator } from '../admin/credentials.ts'
import { AdminError, adminErrorStatus } from '../admin/errors.ts'
import type { AdminContext, Operation } from '../admin/operation.ts'
import { OperationIncompleteError } from '../sponsorship/errors.ts'
import { RpcError, rpcErrorCode } from './errors.ts'

export type AdminOptions = {
  administrators: readonly Administrator[]
  operations: Readonly<Record<string, Operation>>
  context: Omit<AdminContext, 'actor'>
}

/** Below /admin: every operation of administration as JSON over HTTP. No page of another origin may call it. */
export const admin: FastifyPluginAsync<AdminOptions> = async (server, options) => {
  const { administrators, operations, context } = options

  server.setErrorHandler((error, request, reply) => {
    const { code, problems } = toAdminError(error)
    if (code === 'internal') request.log.error({ err: error }, 'administration failed')
    reply.code(code === 'internal' ? 500 : adminErrorStatus[code])
    return { error: { code, problems } }
  })
  server.setNotFoundHandler(() => {
    throw new AdminError('notFound', [{ field: 'path', message: 'there is no such operation' }])
  })
  server.addHook('onRequest', async (request) => {
    // Before the body is read, and the same for paths that are not there.
    if (findAdministrator(administrators, request.headers.authorization)) return
    throw new AdminError('unauthorized', [
      { field: 'authorization', message: 'expected Bearer and the key of an administrator' },
    ])
  })
  // Otherwise the rest of the server would tell browsers that any page may call.
  server.options('/*', () => {
    throw new AdminError('notFound', [{ field: 'path', message: 'no page may call this' }])
  })
  for (const { method, path, run } of Object.values(operations)) {
    server.route({
      method,
      url: path,
      async handler(request, reply) {
        const administrator = findAdministrator(administrators, request.headers.authorization)
        reply.header('cache-control', 'no-store')
        const input = {
          ...object(request.body),
          ...object(request.query),
          ...object(request.params),
        }
        return run({ ...context, actor: `admin:${administrator?.name}` }, input)
      },
    })
  }
}

function object(value: unknown): object {
  if (value === undefined || value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value
  throw new AdminError('invalid', [{ field: 'body', message: 'expected a JSON object' }])
}

function toAdminError(error: unknown): Pick<AdminError, 'problems'> & {
  code: AdminError['code'] | 'internal'
} {
  if (error instanceof AdminError) return error
  if (error instanceof OperationIncompleteError)
    return { code: 'invalid', problems: [{ field: error.field, message: error.message }] }
  if (error instanceof RpcError && error.code === rpcErrorCode.invalidParams)
    return { code: 'invalid', problems: [{ field: 'userOperation', message: error.message }] }
  if (error instanceof Error && 'statusCode' in error && Number(error.statusCode) < 500)
    return { code: 'invalid', problems: [{ field: 'body', message: error.message }] }
  return { code: 'internal', problems: [{ field: 'service', message: 'internal error' }] }
}

import type { AdminErrorCode, AdminProblem } from '../admin/errors.ts'
import { AdminError, adminErrorStatus } from '../admin/errors.ts'
import type { Operation } from '../admin/operation.ts'

/**
 * Asks a running service for an operation.
 * @throws AdminError, ServiceUnreachableError
 */
export async function askService(
  { url, key }: { url: string; key: string },
  { method, path }: Pick<Operation, 'method' | 'path'>,
  input: unknown,
): Promise<unknown> {
  const rest = new Map(
    Object.entries(input ?? {}).filter(([, value]) => value !== undefined && value !== null),
  )
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest.get(name)
    rest.delete(name)
    return encodeURIComponent(String(value ?? ''))
  })
  const target = new URL(`admin${filled}`, url.endsWith('/') ? url : `${url}/`)
  const headers: Record<string, string> = { authorization: `Bearer ${key}` }
  const hasBody = method !== 'GET' && method !== 'DELETE'
  if (hasBody) headers['content-type'] = 'application/json'
  else
    for (const [name, value] of rest)
      for (const each of Array.isArray(value) ? value : [value])
        target.searchParams.append(name, String(each))
  const response = await fetch(target, {
    method,
    headers,
    redirect: 'error',
    ...(hasBody ? { body: JSON.stringify(Object.fromEntries(rest)) } : {}),
  }).catch((error: unknown) => {
    throw new ServiceUnreachableError(url, error)
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok) return answer
  throw errorOf(answer, response.status)
}

function errorOf(answer: unknown, status: number): Error {
  if (typeof answer === 'object' && answer !== null && 'error' in answer) {
    const { code, problems } = answer.error as { code: string; problems: readonly AdminProblem[] }
    if (code in adminErrorStatus && Array.isArray(problems))
      return new AdminError(code as AdminErrorCode, problems)
  }
  return new AdminError('unavailable', [
    { field: 'url', message: `the service answered with status ${status}` },
  ])
}

/** Nothing that administers answers at the URL. */
export class ServiceUnreachableError extends Error {
  override name = 'ServiceUnreachableError'

  constructor(url: string, cause: unknown) {
    const { cause: reason = cause } = cause instanceof Error ? cause : { cause }
    super(`no service answers at ${url}: ${reason instanceof Error ? reason.message : reason}`, {
      cause,
    })
  }
}

import type { z } from 'zod'
import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'

/** Values are echoed so that the caller sees what arrived, but not whole megabytes. */
const MAX_ECHO = 100

/**
 * Parses a value from outside.
 * @param name What the value is called towards the caller.
 * @param unknownField What is wrong with a field that the schema does not have.
 * @throws RpcError -32602 that names field, rule and value of the first issue.
 */
export function parse<T>(
  schema: z.ZodType<T>,
  value: unknown,
  name: string,
  unknownField = 'is not a field of this EntryPoint version',
): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  if (issue?.code === 'unrecognized_keys') {
    const fields = [...issue.path, issue.keys[0] ?? ''].map(String)
    throw invalidParam([name, ...fields].join('.'), unknownField)
  }
  const path = issue?.path ?? []
  const field = [name, ...path.map(String)].join('.')
  const found = at(value, path)
  const rule =
    found === undefined || found === null ? 'is required' : (issue?.message ?? 'is invalid')
  throw invalidParam(field, rule, found)
}

/** @param value Absent when the field itself is the fault. */
export function invalidParam(field: string, rule: string, value?: unknown): RpcError {
  const shown = value === undefined ? undefined : echo(value)
  const message = shown === undefined ? `${field} ${rule}` : `${field} ${rule}, got ${shown}`
  return new RpcError(rpcErrorCode.invalidParams, message, {
    field,
    rule,
    ...(shown !== undefined && { value: shown }),
  })
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = Reflect.get(found, key)
  }
  return found
}

function echo(value: unknown): string {
  let text: string
  try {
    text = JSON.stringify(value) ?? String(value)
  } catch {
    // JSON.parse takes a hundred thousand levels, JSON.stringify runs out of stack.
    return 'a value that is nested too deeply'
  }
  return text.length > MAX_ECHO ? `${text.slice(0, MAX_ECHO)}…` : text
}

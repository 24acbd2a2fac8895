import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { Methods } from './method.ts'

/**
 * Looks up a method by its exact name and runs it.
 * @throws RpcError -32601 for unknown names.
 */
export function createDispatch(
  methods: Methods,
): (method: string, params: readonly unknown[]) => Promise<unknown> {
  const byName = new Map(Object.entries(methods))
  return async (name, params) => {
    const method = byName.get(name)
    if (!method) {
      throw new RpcError(rpcErrorCode.methodNotFound, `method ${name.slice(0, 100)} does not exist`)
    }
    return method(params)
  }
}

import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { Caller, Methods } from './method.ts'

/** A method's name first, then whatever its call needs. */
export type Dispatch = (method: string, ...rest: never[]) => Promise<unknown>

/**
 * Looks up a method by its exact name and runs it.
 * @throws RpcError -32601 for unknown names.
 */
export function createDispatch(
  methods: Methods,
): (method: string, params: readonly unknown[], caller: Caller) => Promise<unknown> {
  const byName = new Map(Object.entries(methods))
  return async (name, params, caller) => {
    const method = byName.get(name)
    if (!method) {
      throw new RpcError(rpcErrorCode.methodNotFound, `method ${name.slice(0, 100)} does not exist`)
    }
    return method(params, caller)
  }
}

import type { App, Caller, RateRefusal } from './caller.ts'
import { RpcError, rpcErrorCode } from './errors.ts'

/**
 * The app that calls a method, when its key allows it.
 * @throws RpcError with the rule of the key that forbids it.
 */
export function authorize(
  caller: Caller | undefined,
  method: string,
  limit: RateRefusal | undefined,
): App {
  if (!caller) throw badKey('key.unknown', 'the API key is missing or unknown')
  const refusal = caller.refuse(method)
  if (refusal) throw badKey(refusal.rule, refusal.message)
  if (limit) {
    const { message, retryAfterMs } = limit
    throw new RpcError(rpcErrorCode.limitExceeded, message, { rule: 'key.rate', retryAfterMs })
  }
  return caller.app
}

function badKey(rule: string, message: string): RpcError {
  return new RpcError(rpcErrorCode.badApiKey, message, { rule })
}

import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

/** A rule that an operation breaks, with the numbers that break it. */
export type Breach = {
  rule: string
  message: string
  /** Offending values, as decimal strings: JSON has no bigint. */
  numbers?: Record<string, string>
}

/** A breach of a rule about amounts. */
export function breach(
  rule: string,
  message: string,
  amounts: Record<string, bigint> = {},
): Breach {
  const numbers = Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, amount.toString()]),
  )
  return { rule, message, ...(Object.keys(numbers).length > 0 ? { numbers } : {}) }
}

/** The JSON-RPC error -32602 for a breach. */
export function breachError({ rule, message, numbers }: Breach): RpcError {
  return new RpcError(rpcErrorCode.invalidParams, message, {
    rule,
    ...(numbers ? { numbers } : {}),
  })
}

import type { Hex } from 'viem'

/** The node answered with a JSON-RPC error. */
export class ChainError extends Error {
  override name = 'ChainError'
  /** JSON-RPC code of the node. */
  code: number
  method: string
  /** Revert bytes where the node sent some. */
  data: Hex | undefined

  constructor(method: string, code: number, message: string, data?: Hex) {
    super(message)
    this.method = method
    this.code = code
    this.data = data
  }
}

/** Whether the node does not know a parameter that it was sent (JSON-RPC -32602). */
export function isInvalidParams(error: unknown): boolean {
  return error instanceof ChainError && error.code === -32602
}

import { BaseError, RpcError } from 'viem'

/** Why a request was refused: the cause of an error of EIP-1193, shown as its details. */
class Reason extends BaseError {
  override name = 'Reason'
}

export const reason = (text: string) => new Reason(text, { details: text })

/** Whether an error was made for apps: nothing but the provider's own words is behind it. */
export function isForApps(error: unknown): error is RpcError<number> {
  return error instanceof RpcError && error.cause instanceof Reason
}

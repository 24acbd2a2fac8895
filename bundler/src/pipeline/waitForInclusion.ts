import type { Hex } from 'viem'
import type { OperationEvent } from '../types/operationEvent.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

/**
 * Waits until an operation is on chain.
 * @param listen Must be called before the operation can have an outcome, as this function does at once.
 * @throws RpcError when it is dropped, or after `timeoutMs`: then it is still pending.
 */
export function waitForInclusion(
  listen: (listener: (event: OperationEvent) => void) => () => void,
  hash: Hex,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer)
      stop()
      settle()
    }
    const timer = setTimeout(() => {
      const message = `operation ${hash} is accepted, but was not included within ${timeoutMs} ms`
      const data = { rule: 'receiptTimeout', userOpHash: hash, timeoutMs }
      end(() => reject(new RpcError(rpcErrorCode.receiptTimeout, message, data)))
    }, timeoutMs)
    timer.unref()
    const stop = listen(({ userOpHash, status, reason }) => {
      if (userOpHash !== hash) return
      if (status === 'included') end(resolve)
      if (status !== 'dropped') return
      const { rule, message, revertData } = reason ?? { rule: 'dropped', message: 'it was dropped' }
      const data = { rule, userOpHash: hash, ...(revertData !== undefined && { revertData }) }
      const text = `operation ${hash} was dropped: ${message}`
      end(() => reject(new RpcError(rpcErrorCode.validationRejected, text, data)))
    })
  })
}

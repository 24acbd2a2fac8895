import type { Logger } from '@fabstir/service'
import { isNodeUnavailable } from '../chain/httpChainReader.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'

/** One line per step of an operation's life, with its hash. */
export function logUpdates(logger: Logger, updates: readonly OperationUpdate[]): void {
  for (const { type, ...fields } of updates) {
    const level = type === 'dropped' || type === 'reorged' ? 'warn' : 'info'
    logger[level](fields, `operation ${type}`)
  }
}

/** A node that is away is a warning with its reason, anything else an error with its stack. */
export function logFailure(logger: Logger, error: unknown, message: string): void {
  const reason = error instanceof Error ? error.message : String(error)
  if (isNodeUnavailable(error)) logger.warn({ reason }, message)
  else logger.error({ err: error }, message)
}

import pino from 'pino'
import { isNodeUnavailable } from '../chain/httpChainReader.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'

export type Logger = pino.Logger

/** JSON lines on standard error: standard output carries nothing but the ready line. */
export function createLogger(level: string): Logger {
  return pino({ name: 'bundler', level }, pino.destination({ dest: 2, sync: true }))
}

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

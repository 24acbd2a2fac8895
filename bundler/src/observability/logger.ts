import pino from 'pino'
import { isNodeUnavailable } from '../chain/httpChainReader.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'

export type Logger = pino.Logger

export type LoggerOptions = {
  level: string
  /** Texts that no line may show, longest first: keys can hide in messages of libraries. */
  secrets?: readonly string[]
  /** Standard error unless told: standard output carries nothing but the ready line. */
  destination?: pino.DestinationStream
}

/** JSON lines. Whatever is logged, no secret leaves the process. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, secrets = [], destination = pino.destination({ dest: 2, sync: true }) } = options
  // As they stand within a JSON string, too.
  const hidden = new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))
  const redact = (line: string) =>
    [...hidden].reduce((text, secret) => text.replaceAll(secret, '[secret]'), line)
  return pino({ name: 'bundler', level, hooks: { streamWrite: redact } }, destination)
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

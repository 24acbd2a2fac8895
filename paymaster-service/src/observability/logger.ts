import type { Logger, LoggerOptions } from '@fabstir/service'
import { createLogger as createServiceLogger } from '@fabstir/service'

/** Keys and secrets in the forms that this service gives out: no line shows one, wherever it came from. */
const patterns = [
  [/fpk_([0-9a-f]{16})_[\w-]+/g, 'fpk_$1_[secret]'],
  [/(fpa|whsec)_[\w-]{43}/g, '$1_[secret]'],
] as const

/** JSON lines. Whatever is logged, no secret leaves the process. */
export function createLogger(options: Omit<LoggerOptions, 'name' | 'patterns'>): Logger {
  return createServiceLogger({ name: 'paymaster', patterns, ...options })
}

import type { DestinationStream, Logger } from 'pino'
import { pino } from 'pino'

export type { Logger } from 'pino'

export type LoggerOptions = {
  /** Of the service, in every line. */
  name: string
  level: string
  /** Texts that no line may show: keys can hide in messages of libraries and in URLs. */
  secrets: readonly string[]
  /** Forms of secrets that no line may show, wherever they came from, and what stands there instead. */
  patterns?: readonly SecretPattern[]
  /** Standard error unless told: standard output carries nothing but the ready line. */
  destination?: DestinationStream
}

export type SecretPattern = readonly [RegExp, string]

/** What no secret is shorter than: replacing shorter texts would hide innocent words. */
const shortestSecret = 6

/** Keys in requests and URLs. */
const commonPatterns: readonly SecretPattern[] = [
  [/\b(apikey=|Bearer )[^\s"'\\&]+/gi, '$1[secret]'],
  // User and password of a URL. Without its scheme: a search for one is quadratic in what clients can have logged.
  [/:\/\/[^\s"'\\@/]+@/g, '://[secret]@'],
]

/** JSON lines. Whatever is logged, no secret leaves the process. */
export function createLogger({
  name,
  level,
  secrets,
  patterns = [],
  destination = pino.destination({ dest: 2, sync: true }),
}: LoggerOptions): Logger {
  // Longest first, and as they stand within a JSON string, too.
  const hidden = [
    ...new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])),
  ]
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length)
  const redact = (line: string) =>
    [...patterns, ...commonPatterns].reduce(
      (text, [pattern, replacement]) => text.replaceAll(pattern, replacement),
      hidden.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line),
    )
  return pino({ name, level, hooks: { streamWrite: redact } }, destination)
}

import type { BundlerConfig } from '../config/options.ts'
import { ConfigError } from '../config/options.ts'
import { hashApiKey } from '../rpc/limits/apiKeys.ts'
import type { AccessOptions } from '../rpc/limits/identify.ts'
import type { WebSocketOptions } from '../rpc/plugins/webSocket.ts'
import type { ServerOptions } from '../rpc/server.ts'

/** Messages of one connection that are answered at a time. */
const MAX_CONCURRENT_MESSAGES = 64
/** Characters of the answers of one batch; a WebSocket client could not take more at once than it may leave unread. */
const MAX_BATCH_ANSWER = 4_000_000
/** Milliseconds between pings. */
const PING_INTERVAL_MS = 30_000

/**
 * Who may ask, and how often.
 * @param now Unix milliseconds.
 * @throws ConfigError for two keys with one name, which would share a rate limit, or for one key twice.
 */
function accessOptions(
  { apiKeys = [], rateLimit }: Pick<BundlerConfig, 'apiKeys' | 'rateLimit'>,
  now: () => number,
): AccessOptions {
  const byHash = new Map(apiKeys.map(({ key, ...holder }) => [hashApiKey(key), holder]))
  const names = new Set(apiKeys.map(({ name }) => name))
  if (byHash.size < apiKeys.length || names.size < apiKeys.length) {
    throw new ConfigError('apiKeys must have different names and different keys')
  }
  return {
    apiKeys: byHash,
    ...(rateLimit && { anonymousRate: rateLimit }),
    now,
  }
}

/**
 * The part of the server's options that configuration decides.
 * @param deps.now Unix milliseconds.
 * @param deps.requestTimeoutMs Milliseconds in which a request must have arrived, and which ends wait.
 */
export function networkOptions(
  config: BundlerConfig,
  deps: {
    now: () => number
    requestTimeoutMs: number
    onOperationEvent: WebSocketOptions['onOperationEvent']
  },
): Pick<
  ServerOptions,
  'maxBody' | 'maxBatch' | 'maxBatchAnswer' | 'requestTimeoutMs' | 'access' | 'webSocket'
> {
  const { requestTimeoutMs, onOperationEvent } = deps
  const limits = {
    maxMessage: config.maxBodyBytes,
    maxConnections: config.maxConnections,
    maxSubscriptions: config.maxSubscriptions,
    maxBufferedBytes: config.maxUnreadBytes,
    maxConcurrent: MAX_CONCURRENT_MESSAGES,
    closeTimeoutMs: requestTimeoutMs,
    pingIntervalMs: PING_INTERVAL_MS,
  }
  return {
    maxBody: config.maxBodyBytes,
    maxBatch: config.maxBatch,
    maxBatchAnswer: Math.min(MAX_BATCH_ANSWER, config.maxUnreadBytes),
    requestTimeoutMs,
    access: accessOptions(config, deps.now),
    webSocket: { limits, onOperationEvent },
  }
}

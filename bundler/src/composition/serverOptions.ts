import type { BundlerConfig } from '../config/options.ts'
import { ConfigError } from '../config/options.ts'
import { hashApiKey } from '../rpc/limits/apiKeys.ts'
import type { AccessOptions } from '../rpc/limits/identify.ts'
import type { WebSocketOptions } from '../rpc/plugins/webSocket.ts'

/** Messages of one connection that are answered at a time. */
const MAX_CONCURRENT_MESSAGES = 64
/** Milliseconds between pings. */
const PING_INTERVAL_MS = 30_000

/**
 * Who may ask, and how often.
 * @param now Unix milliseconds.
 * @throws ConfigError for two keys with one name, which would share a rate limit, or for one key twice.
 */
export function accessOptions(
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

/** @param closeTimeoutMs Milliseconds until a connection that was told to close is cut. */
export function webSocketLimits(
  config: Pick<
    BundlerConfig,
    'maxBodyBytes' | 'maxConnections' | 'maxSubscriptions' | 'maxUnreadBytes'
  >,
  closeTimeoutMs: number,
): WebSocketOptions['limits'] {
  return {
    maxMessage: config.maxBodyBytes,
    maxConnections: config.maxConnections,
    maxSubscriptions: config.maxSubscriptions,
    maxBufferedBytes: config.maxUnreadBytes,
    maxConcurrent: MAX_CONCURRENT_MESSAGES,
    closeTimeoutMs,
    pingIntervalMs: PING_INTERVAL_MS,
  }
}

import { isIPv6 } from 'node:net'
import { BoundedMap } from '@fabstir/service/collections'
import type { Bucket, Rate } from './tokenBucket.ts'
import { fullBucket, take } from './tokenBucket.ts'

/** Why a request is not served now. */
export type Refusal = {
  rate: Rate
  requests: number
  /** Milliseconds until they would be served; Infinity when never. */
  waitMs: number
}

/** Callers whose bucket is kept. A forgotten one starts full again, so the oldest seen goes first. */
const MAX_CALLERS = 10_000

/** Counts requests by caller. */
export function createRateLimits({
  now,
  maxCallers = MAX_CALLERS,
}: {
  /** Unix milliseconds. */
  now: () => number
  maxCallers?: number
}): (caller: string, rate: Rate, requests: number) => Refusal | undefined {
  const buckets = new BoundedMap<string, Bucket>(maxCallers)
  return (caller, rate, requests) => {
    const at = now()
    const known = buckets.get(caller) ?? fullBucket(rate, at)
    const { bucket, waitMs } = take(known, rate, requests, at)
    buckets.set(caller, bucket)
    return waitMs === undefined ? undefined : { rate, requests, waitMs }
  }
}

/** Whom an address stands for: with IPv6 one customer has a whole /64. */
export function callerOfAddress(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros =
    tail === undefined ? [] : Array(Math.max(0, 8 - groups.length - after.length)).fill('0')
  return `${[...groups, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}

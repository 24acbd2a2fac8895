import type { Address } from 'viem'
import type { ReadClient } from '../types/client.ts'
import { hostEvents } from './events.ts'
import { ofSubject } from './ofSubject.ts'
import { type Unwatch, type WatchOptions, watchEvents } from './watchEvents.ts'

export type WatchHostsParameters = WatchOptions<typeof hostEvents> & {
  /** One host, or any of several; all by default. */
  node?: Address | readonly Address[] | undefined
}

/**
 * Watches hosts in the registry, as {@link watchEvents} does.
 * @returns Ends watching.
 * @example
 * const unwatch = watchHosts(client, {
 *   node,
 *   onEvents(events) {
 *     for (const event of events) if (event.name === 'PriceSet') console.log(event.args.pricePer1000)
 *   },
 *   onError: console.error,
 * })
 */
export function watchHosts(
  client: ReadClient,
  { node, ...options }: WatchHostsParameters,
): Unwatch {
  return watchEvents(client, { ...options, events: ofSubject(hostEvents, node) })
}

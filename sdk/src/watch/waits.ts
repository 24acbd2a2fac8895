import type { Client } from 'viem'
import type { Waits } from './follow.ts'
import { pauseUntil } from './pauseUntil.ts'

type Subscription = { unsubscribe: () => Promise<unknown> }

/** What a transport over WebSocket or IPC has besides requests. */
type Subscribing = {
  subscribe?: (parameters: {
    params: ['newHeads']
    onData: () => void
    onError: (error: unknown) => void
  }) => Promise<Subscription>
}

/** So much rarer are questions over a connection that tells of new blocks itself. */
const subscribedFactor = 10

/**
 * Waiting for new blocks: by a subscription where the transport has one, by time everywhere. A subscription only
 * shortens the wait, so that one that breaks or falls silent loses nothing.
 */
export function createWaits(
  client: Client,
  { pollingInterval, signal }: { pollingInterval: number; signal: AbortSignal },
): Waits & { close: () => Promise<void> } {
  const { subscribe } = client.transport as Subscribing
  let subscription: Subscription | undefined
  let news = Promise.withResolvers<void>()
  const listen = async () => {
    subscription ??= await subscribe?.({
      params: ['newHeads'],
      onData: () => news.resolve(),
      onError: () => news.resolve(),
    }).catch(() => undefined)
    return subscription !== undefined
  }
  const close = async () => {
    const ended = subscription
    subscription = undefined
    // With the connection, the subscription is gone as well.
    await ended?.unsubscribe().catch(() => undefined)
  }
  return {
    async forHead() {
      const isSubscribed = await listen()
      const wait = pollingInterval * (isSubscribed ? subscribedFactor : 1)
      const isOver = await pauseUntil(wait, signal, news.promise)
      news = Promise.withResolvers()
      // Silent for so long: perhaps the node has forgotten it.
      if (isOver && isSubscribed) await close()
    },
    async pause(milliseconds) {
      await pauseUntil(milliseconds, signal)
    },
    close,
  }
}

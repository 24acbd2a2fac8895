import type { Hex } from 'viem'
import type { OperationEvent, OperationFilter } from '../../types/operationEvent.ts'
import { fits } from '../../types/operationEvent.ts'
import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'
import type { Subscriber } from '../method.ts'

export type Subscriptions = {
  /**
   * Subscriptions made while one message is answered. Their notifications wait until `release`:
   * a client must learn the id before it hears of it.
   */
  during(): Subscriber & { release(): void }
  deliver(event: OperationEvent): void
  size(): number
}

type Subscription = { filter: OperationFilter; held: OperationEvent[] | undefined }

/**
 * The subscriptions of one connection.
 * @param newId Not guessable, and never the same twice.
 */
export function createSubscriptions(options: {
  max: number
  newId: () => Hex
  notify: (id: Hex, event: OperationEvent) => void
}): Subscriptions {
  const { max, newId, notify } = options
  const byId = new Map<Hex, Subscription>()

  return {
    during() {
      const made: Hex[] = []
      return {
        subscribe(filter) {
          if (byId.size >= max) {
            throw new RpcError(
              rpcErrorCode.limitExceeded,
              `this connection has ${byId.size} subscriptions, the most it may have`,
              { rule: 'maxSubscriptions', limit: max },
            )
          }
          const id = newId()
          byId.set(id, { filter, held: [] })
          made.push(id)
          return id
        },
        unsubscribe: (id) => byId.delete(id),
        release() {
          for (const id of made) {
            const subscription = byId.get(id)
            const held = subscription?.held ?? []
            if (subscription) subscription.held = undefined
            for (const event of held) notify(id, event)
          }
        },
      }
    },
    deliver(event) {
      for (const [id, { filter, held }] of byId) {
        if (!fits(filter, event)) continue
        if (held) held.push(event)
        else notify(id, event)
      }
    },
    size: () => byId.size,
  }
}

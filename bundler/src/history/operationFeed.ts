import type { OperationEvent } from '../types/operationEvent.ts'

/** Hands events on to whoever listens at the edge: subscriptions, and requests that wait for an operation. */
export type OperationFeed = {
  publish(events: readonly OperationEvent[]): void
  /** @returns How to stop. */
  listen(listener: (event: OperationEvent) => void): () => void
}

export function createOperationFeed(): OperationFeed {
  const listeners = new Set<(event: OperationEvent) => void>()
  return {
    publish(events) {
      for (const event of events) for (const listener of [...listeners]) listener(event)
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

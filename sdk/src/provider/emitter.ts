import { reporting } from '../errors/report.ts'

type Listener = (value: never) => unknown

/** Events of EIP-1193. */
export type Emitter = {
  on(event: string, listener: Listener): void
  removeListener(event: string, listener: Listener): void
  emit(event: string, value: unknown): void
}

/** Calls every listener, whatever the others do. */
export function createEmitter(): Emitter {
  const listeners = new Map<string, Set<Listener>>()
  const of = (event: string) => listeners.get(event) ?? new Set<Listener>()
  return {
    on: (event, listener) => void listeners.set(event, of(event).add(listener)),
    removeListener: (event, listener) => void of(event).delete(listener),
    emit(event, value) {
      // An app's mistake must not end what the wallet is doing.
      for (const listener of [...of(event)]) reporting(() => listener(value as never))
    },
  }
}

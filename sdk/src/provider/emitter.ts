import { report } from '../errors/report.ts'

type Listener = (value: never) => void

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
      for (const listener of [...of(event)]) {
        // An app's mistake must not end what the wallet is doing.
        try {
          listener(value as never)
        } catch (error) {
          report(error)
        }
      }
    },
  }
}

import { reporting } from '../errors/report.ts'

type Listener<value> = (value: value) => unknown

/** Events by name, with what they carry. Node's own emitter is not there in browsers. */
export class EventEmitter<events extends object> {
  readonly #listeners = new Map<keyof events, Set<Listener<never>>>()

  /** Calls the listener with every such event. */
  on<name extends keyof events>(name: name, listener: Listener<events[name]>): this {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return this
  }

  /** Calls the listener with the next such event only. */
  once<name extends keyof events>(name: name, listener: Listener<events[name]>): this {
    const first: Listener<events[name]> = (value) => {
      this.off(name, first)
      return listener(value)
    }
    return this.on(name, first)
  }

  /** Calls the listener no more. */
  off<name extends keyof events>(name: name, listener: Listener<events[name]>): this {
    this.#listeners.get(name)?.delete(listener)
    return this
  }

  /**
   * Calls every listener, whatever the others do. What one throws, or what its promise rejects with, is reported: what
   * the event tells has happened, and whoever caused it is not to be told of a failure.
   * @returns Whether anybody listened.
   */
  protected emit<name extends keyof events>(name: name, value: events[name]): boolean {
    const listeners = [...(this.#listeners.get(name) ?? [])] as Listener<events[name]>[]
    for (const listener of listeners) reporting(() => listener(value))
    return listeners.length > 0
  }
}

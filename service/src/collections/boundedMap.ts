/** A map that forgets what was set longest ago when it holds more than `most`. */
export class BoundedMap<key, value> {
  readonly #entries = new Map<key, value>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(key: key): value | undefined {
    return this.#entries.get(key)
  }

  set(key: key, value: value): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#most) return
    const oldest = this.#entries.keys().next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }

  /** Removes and returns. */
  take(key: key): value | undefined {
    const value = this.#entries.get(key)
    this.#entries.delete(key)
    return value
  }
}

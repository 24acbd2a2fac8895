/** What is kept for a while only, and never more than `most` of it: what was kept longest ago goes first. */
export class ExpiringMap<value> {
  readonly #entries = new Map<string, { value: value; endsAt: number }>()
  readonly #lifetime: number
  readonly #most: number

  /** @param options.lifetime Milliseconds. */
  constructor({ lifetime, most }: { lifetime: number; most: number }) {
    this.#lifetime = lifetime
    this.#most = most
  }

  set(key: string, value: value): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, endsAt: Date.now() + this.#lifetime })
    // All live equally long: those that have ended stand first.
    for (const [oldest, { endsAt }] of this.#entries) {
      if (this.#entries.size <= this.#most && endsAt > Date.now()) return
      this.#entries.delete(oldest)
    }
  }

  get(key: string): value | undefined {
    const entry = this.#entries.get(key)
    return entry && entry.endsAt > Date.now() ? entry.value : undefined
  }

  /** Removes and returns. */
  take(key: string): value | undefined {
    const value = this.get(key)
    this.#entries.delete(key)
    return value
  }
}

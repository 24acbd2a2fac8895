/** Answers that are kept for a while. */
export type Memo = {
  /** The kept answer, or a new one. Who asks while one is on its way waits for that; failures are not kept. */
  get<value>(key: string, make: () => Promise<value>): Promise<value>
  clear(): void
}

/**
 * @param ttl Milliseconds.
 * @param now Milliseconds.
 */
export function createMemo({ ttl, now }: { ttl: number; now: () => number }): Memo {
  const kept = new Map<string, { value: Promise<unknown>; until: number }>()
  return {
    get<value>(key: string, make: () => Promise<value>): Promise<value> {
      const known = kept.get(key)
      if (known && now() < known.until) return known.value as Promise<value>
      // Names of models may come from anybody: what is over is not kept.
      for (const [name, { until }] of kept) if (now() >= until) kept.delete(name)
      const value = make()
      const entry = { value, until: now() + ttl }
      kept.set(key, entry)
      value.catch(() => {
        if (kept.get(key) === entry) kept.delete(key)
      })
      return value
    },
    clear: () => kept.clear(),
  }
}

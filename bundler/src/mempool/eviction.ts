import type { MempoolEntry } from './entry.ts'
import { createHeap } from './heap.ts'
import { REPLACEMENT_BUMP_PERCENT } from './replacement.ts'

/**
 * Least effective gas price with which a newcomer takes the place of an operation that pays `price`,
 * wei per gas.
 */
export function priceToEvict(price: bigint): bigint {
  const least = (price * (100n + REPLACEMENT_BUMP_PERCENT) + 99n) / 100n
  return least > price ? least : price + 1n
}

export type EvictionQueue = {
  /** The entry is new, or may be evicted again. */
  offer(entry: MempoolEntry): void
  /** The worst payer of the pool that may be evicted, and what it pays in wei per gas. */
  cheapest(baseFee: bigint): Priced | undefined
  /** What operations pay is not what it was when they were offered. */
  invalidate(): void
  clear(): void
}

export type Priced = { entry: MempoolEntry; price: bigint }

/** Items of entries that have left, beside those in the pool, before the heap is filled anew. */
const SPARE_ITEMS = 1_000

/**
 * The worst payers of a full pool. It costs nothing until the pool is full for the first time, and
 * then one pass over the pool whenever the base fee is another.
 */
export function createEvictionQueue(deps: {
  isEvictable: (entry: MempoolEntry) => boolean
  /** Wei per gas that it would pay now. */
  priceOf: (entry: MempoolEntry, baseFee: bigint) => bigint
  all: () => Iterable<MempoolEntry>
  /** Entries in the pool. */
  size: () => number
}): EvictionQueue {
  let baseFee: bigint | undefined
  const heap = createHeap<Priced>((a, b) =>
    a.price === b.price ? a.entry.order > b.entry.order : a.price < b.price,
  )
  const queued = new Set<MempoolEntry>()

  return {
    offer(entry) {
      if (baseFee === undefined || queued.has(entry)) return
      queued.add(entry)
      heap.push({ entry, price: deps.priceOf(entry, baseFee) })
    },
    cheapest(currentBaseFee) {
      if (baseFee !== currentBaseFee || heap.size() > 2 * deps.size() + SPARE_ITEMS) {
        baseFee = currentBaseFee
        const all = [...deps.all()]
        queued.clear()
        for (const entry of all) queued.add(entry)
        heap.fill(all.map((entry) => ({ entry, price: deps.priceOf(entry, currentBaseFee) })))
      }
      for (let top = heap.peek(); top; top = heap.peek()) {
        if (deps.isEvictable(top.entry)) return top
        heap.pop()
        queued.delete(top.entry)
      }
      return undefined
    },
    invalidate() {
      baseFee = undefined
    },
    clear() {
      baseFee = undefined
      queued.clear()
      heap.fill([])
    },
  }
}

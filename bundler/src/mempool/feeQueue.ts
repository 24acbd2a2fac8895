import type { MempoolEntry } from './entry.ts'
import { createHeap } from './heap.ts'
import { effectiveGasPrice } from './ordering.ts'

/** Operations of one EntryPoint from the best payer down, while one bundle is put together. */
export type Ranking = {
  /** The best payer that has not been offered; `undefined` when there is none. */
  next(): MempoolEntry | undefined
  /** The bundle takes it, so that the next nonce of its key may follow in the same bundle. */
  take(entry: MempoolEntry): void
  /** Must be called when the bundle is complete. */
  close(): void
}

export type FeeQueue = {
  /** Something about the entry changed, and it may be ready now. */
  offer(entry: MempoolEntry): void
  /** @param baseFee Wei per gas. */
  open(baseFee: bigint): Ranking
}

type Ranked = { entry: MempoolEntry; price: bigint }

/** Stale items that a heap may hold beside those in use, before it is filled anew. */
const SPARE_ITEMS = 1_000

/**
 * Ready operations by effective gas price, highest first, then longest waiting first. What left the
 * pool or is on its way stays in the heap until it surfaces; another base fee fills the heap anew.
 */
export function createFeeQueue(deps: {
  isReady: (entry: MempoolEntry) => boolean
  /** All that are ready now. */
  ready: () => MempoolEntry[]
  successor: (entry: MempoolEntry) => MempoolEntry | undefined
}): FeeQueue {
  let baseFee = 0n
  let mostReady = 0
  const heap = createHeap<Ranked>(goesBefore)
  const queued = new Set<MempoolEntry>()
  const rank = (entry: MempoolEntry): Ranked => ({
    entry,
    price: effectiveGasPrice(entry.op, baseFee),
  })

  function offer(entry: MempoolEntry) {
    if (queued.has(entry)) return
    queued.add(entry)
    heap.push(rank(entry))
  }

  function refill() {
    const ready = deps.ready()
    mostReady = ready.length
    queued.clear()
    for (const entry of ready) queued.add(entry)
    heap.fill(ready.map(rank))
  }

  return {
    offer,
    open(currentBaseFee) {
      if (currentBaseFee !== baseFee || heap.size() > 2 * mostReady + SPARE_ITEMS) {
        baseFee = currentBaseFee
        refill()
      }
      const offered: MempoolEntry[] = []
      const unlocked = new Set<MempoolEntry>()
      return {
        next() {
          for (let top = heap.pop(); top; top = heap.pop()) {
            const { entry } = top
            queued.delete(entry)
            if (!unlocked.has(entry) && !deps.isReady(entry)) continue
            offered.push(entry)
            return entry
          }
          return undefined
        },
        take(entry) {
          const successor = deps.successor(entry)
          if (successor?.state !== 'waiting') return
          unlocked.add(successor)
          offer(successor)
        },
        close() {
          for (const entry of offered) if (deps.isReady(entry)) offer(entry)
        },
      }
    },
  }
}

function goesBefore(a: Ranked, b: Ranked): boolean {
  return a.price === b.price ? isEarlier(a.entry, b.entry) : a.price > b.price
}

function isEarlier(a: MempoolEntry, b: MempoolEntry): boolean {
  return a.addedAt === b.addedAt ? a.order < b.order : a.addedAt < b.addedAt
}

import type { Address } from 'viem'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { MempoolEntry } from './entry.ts'

/** Operations of one sender on one nonce key at one EntryPoint: they can only go one after the other. */
export type Lane = {
  /** The nonce that the chain accepts next, as last seen; `undefined` when nobody has looked. */
  next: bigint | undefined
  /** By nonce, lowest first. */
  entries: MempoolEntry[]
}

export type Lanes = {
  of(operation: Pick<PooledOperation, 'entryPoint' | 'op'>): Lane | undefined
  /** The entry with the same sender and nonce. */
  occupant(operation: Pick<PooledOperation, 'entryPoint' | 'op'>): MempoolEntry | undefined
  insert(entry: MempoolEntry): Lane
  remove(entry: MempoolEntry): Lane | undefined
  /** The entry with the nonce after that of `entry`. */
  successor(entry: MempoolEntry): MempoolEntry | undefined
  /** The chain used a nonce: the lane that moves on by it, if there is one. */
  used(entryPoint: Address, sender: Address, nonce: bigint): Lane | undefined
  /** After a reorg nobody knows which nonces are used. */
  forgetNext(): void
  values(): Iterable<Lane>
  clear(): void
}

/** The entry of a lane that may be bundled now: it waits, and nothing is missing before it. */
export function readyEntry({ next, entries: [first] }: Lane): MempoolEntry | undefined {
  if (first?.state !== 'waiting') return undefined
  return next === undefined || first.op.nonce <= next ? first : undefined
}

/** Whether nonces are missing before the first entry, as far as is known: then none can be included. */
export function hasGap({ next, entries: [first] }: Lane): boolean {
  return next !== undefined && first !== undefined && first.op.nonce > next
}

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>()
  const of = ({ entryPoint, op }: Pick<PooledOperation, 'entryPoint' | 'op'>) =>
    lanes.get(keyOf(entryPoint.address, op.sender, op.nonce))

  function at(lane: Lane | undefined, nonce: bigint): MempoolEntry | undefined {
    if (!lane) return undefined
    const found = lane.entries[positionOf(lane, nonce)]
    return found?.op.nonce === nonce ? found : undefined
  }

  return {
    of,
    occupant: (operation) => at(of(operation), operation.op.nonce),
    insert(entry) {
      const key = keyOf(entry.entryPoint.address, entry.op.sender, entry.op.nonce)
      const lane = lanes.get(key) ?? { next: undefined, entries: [] }
      lanes.set(key, lane)
      lane.entries.splice(positionOf(lane, entry.op.nonce), 0, entry)
      return lane
    },
    remove(entry) {
      const lane = of(entry)
      if (!lane || at(lane, entry.op.nonce) !== entry) return undefined
      lane.entries.splice(positionOf(lane, entry.op.nonce), 1)
      if (lane.entries.length === 0) {
        lanes.delete(keyOf(entry.entryPoint.address, entry.op.sender, entry.op.nonce))
      }
      return lane
    },
    successor: (entry) => at(of(entry), entry.op.nonce + 1n),
    used(entryPoint, sender, nonce) {
      const lane = lanes.get(keyOf(entryPoint, sender, nonce))
      if (!lane || lane.next === undefined || lane.next > nonce) return undefined
      lane.next = nonce + 1n
      return lane
    },
    forgetNext() {
      for (const lane of lanes.values()) lane.next = undefined
    },
    values: () => lanes.values(),
    clear: () => lanes.clear(),
  }
}

/** Where `nonce` is, or would be. */
function positionOf({ entries }: Lane, nonce: bigint): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    const entry = entries[middle]
    if (entry && entry.op.nonce < nonce) low = middle + 1
    else high = middle
  }
  return low
}

/** The upper 192 bits of a nonce are its key. */
function keyOf(entryPoint: Address, sender: Address, nonce: bigint): string {
  return `${entryPoint}:${sender}:${nonce >> 64n}`
}

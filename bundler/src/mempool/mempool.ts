import type { Address, Hex } from 'viem'
import { accessorOf } from '../conflicts/conflict.ts'
import type { ConflictIndex } from '../conflicts/conflictIndex.ts'
import { createConflictIndex } from '../conflicts/conflictIndex.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { EntityQuota, MempoolLimits } from './admission.ts'
import { checkAdmission, mempoolFull } from './admission.ts'
import type { EntryState, MempoolEntry } from './entry.ts'
import { createEvictionQueue, priceToEvict } from './eviction.ts'
import type { FeeQueue, Ranking } from './feeQueue.ts'
import { createFeeQueue } from './feeQueue.ts'
import type { Lane } from './lanes.ts'
import { createLanes, hasGap, readyEntry } from './lanes.ts'
import { effectiveGasPrice } from './ordering.ts'
import { createTally } from './tally.ts'

export type { EntryState, MempoolEntry } from './entry.ts'

export type Arrival = {
  /** Wei that the paymaster has at the EntryPoint; absent without paymaster. */
  deposit?: bigint
  quotas?: readonly EntityQuota[]
  /** How far the nonce is ahead of the one that the chain accepts next; 0 when it is that one. */
  noncesAhead?: bigint
  /** Wei per gas, of the newest block. */
  baseFee?: bigint
  /** Number of the newest block. */
  block?: number
}

/** Whose place an operation took. */
export type Displaced = {
  /** The one with the same sender and nonce. */
  replaced?: PooledOperation
  /** The worst payer of a full pool. */
  evicted?: PooledOperation
}

/** Operations that are acknowledged and not on chain. Synchronous and in memory; the journal is kept beside it. */
export type Mempool = {
  size(): number
  get(hash: Hex): MempoolEntry | undefined
  /**
   * Takes a place in the pool, in state `arriving`.
   * @throws RpcError when a limit forbids it; then nothing has changed.
   */
  add(operation: PooledOperation, arrival?: Arrival): Displaced
  /** The pooled operation with the same sender and nonce. */
  occupantOf(operation: Pick<PooledOperation, 'entryPoint' | 'op'>): MempoolEntry | undefined
  /**
   * Puts back an operation that was accepted before: from the journal, or after a reorg. No limit
   * applies, and an occupant of its place leaves the pool.
   */
  restore(operation: PooledOperation): void
  setState(hashes: readonly Hex[], state: EntryState): void
  /** Counts a reverted bundle against an operation; returns how many there were. */
  countRevert(hash: Hex): number
  /** From now on it goes alone. */
  setSuspect(hash: Hex): void
  /** Deferred operations may be tried again. */
  wakeDeferred(): void
  remove(hash: Hex): MempoolEntry | undefined
  /** The chain used a nonce of a sender: what waited behind it is ready. */
  nonceUsed(entryPoint: Address, sender: Address, nonce: bigint): void
  /** After a reorg: the next nonces are not known any more. */
  forgetNonces(): void
  /** The nonce that the chain accepts next from the sender on its key, where the pool knows it. */
  nextNonce(operation: Pick<PooledOperation, 'entryPoint' | 'op'>): bigint | undefined
  /** Ready operations of one EntryPoint, best payer first, to be selected from in one go. */
  ranking(entryPoint: Address, baseFee: bigint): Ranking
  /** What the operations on their way access. */
  inFlight(): Pick<ConflictIndex, 'conflictOf'>
  /** Operations at one EntryPoint with the address as one of their entities. */
  withEntity(entryPoint: Address, address: Address): MempoolEntry[]
  /** Wei of a paymaster's deposit that pooled and in-flight operations may use up. */
  reservedDeposit(entryPoint: Address, paymaster: Address): bigint
  /** All operations of one EntryPoint, in order of admission. */
  dump(entryPoint: Address): MempoolEntry[]
  entries(): IterableIterator<MempoolEntry>
  clear(): void
}

export function createMempool(limits: MempoolLimits): Mempool {
  const byHash = new Map<Hex, MempoolEntry>()
  const deferred = new Set<MempoolEntry>()
  const lanes = createLanes()
  const tally = createTally()
  const queues = new Map<Address, FeeQueue>()
  const inFlight = createConflictIndex()
  const evictionQueue = createEvictionQueue({
    isEvictable,
    priceOf,
    all: () => byHash.values(),
    size: () => byHash.size,
  })
  let insertions = 0

  function isEvictable(entry: MempoolEntry): boolean {
    const { state } = entry
    return byHash.get(entry.hash) === entry && (state === 'waiting' || state === 'deferred')
  }

  /** What cannot be included pays nothing: it must not keep out who can. */
  function priceOf(entry: MempoolEntry, baseFee: bigint): bigint {
    const lane = lanes.of(entry)
    return lane && hasGap(lane) ? 0n : effectiveGasPrice(entry.op, baseFee)
  }

  function isReady(entry: MempoolEntry): boolean {
    const lane = lanes.of(entry)
    return lane !== undefined && readyEntry(lane) === entry
  }

  function queueOf(entryPoint: Address): FeeQueue {
    const known = queues.get(entryPoint)
    if (known) return known
    const ready = () =>
      [...lanes.values()]
        .flatMap((lane) => readyEntry(lane) ?? [])
        .filter((entry) => entry.entryPoint.address === entryPoint)
    const queue = createFeeQueue({ isReady, ready, successor: lanes.successor })
    queues.set(entryPoint, queue)
    return queue
  }

  function offerFirst(lane: Lane | undefined) {
    const entry = lane && readyEntry(lane)
    if (entry) queueOf(entry.entryPoint.address).offer(entry)
  }

  function enter(entry: MempoolEntry, state: EntryState) {
    if (entry.state === 'inFlight' && state !== 'inFlight') inFlight.remove(entry.hash)
    entry.state = state
    if (state === 'deferred') deferred.add(entry)
    else deferred.delete(entry)
    if (state === 'inFlight') inFlight.add(accessorOf(entry))
    if (isEvictable(entry)) evictionQueue.offer(entry)
    offerFirst(lanes.of(entry))
  }

  function insert(operation: PooledOperation, state: EntryState, block?: number): Lane {
    const entry: MempoolEntry = {
      ...operation,
      state,
      revertedBundles: 0,
      suspect: false,
      order: insertions++,
      ...(block !== undefined && { addedAtBlock: block }),
    }
    byHash.set(operation.hash, entry)
    tally.add(entry)
    const lane = lanes.insert(entry)
    enter(entry, state)
    return lane
  }

  function remove(hash: Hex): MempoolEntry | undefined {
    const entry = byHash.get(hash)
    if (!entry) return undefined
    byHash.delete(hash)
    deferred.delete(entry)
    inFlight.remove(hash)
    tally.remove(entry)
    const lane = lanes.remove(entry)
    if (lane && hasGap(lane)) evictionQueue.invalidate()
    offerFirst(lane)
    return entry
  }

  /** Whom a newcomer takes the place of: the last operation on the key of the worst payer. */
  function victimFor(operation: PooledOperation, arrival: Arrival): MempoolEntry {
    const { noncesAhead = 0n, baseFee = 0n } = arrival
    const { op } = operation
    const worst = evictionQueue.cheapest(baseFee)
    if (!worst) throw mempoolFull(limits.maxOperations)
    const lane = lanes.of(worst.entry)
    const victim = lane?.entries.at(-1)
    const least = priceToEvict(worst.price)
    const before = { ...operation, op: { ...op, nonce: op.nonce - 1n } }
    const isStuck = noncesAhead > 0n && !lanes.occupant(before)
    const price = isStuck ? 0n : effectiveGasPrice(op, baseFee)
    if (!victim || lane === lanes.of(operation) || !isEvictable(victim) || price < least) {
      throw mempoolFull(limits.maxOperations, least)
    }
    return victim
  }

  return {
    size: () => byHash.size,
    get: (hash) => byHash.get(hash),
    add(operation, arrival = {}) {
      const { deposit, quotas = [], noncesAhead = 0n, block } = arrival
      const { op, entryPoint } = operation
      const replaced = lanes.occupant(operation)
      if (replaced) tally.remove(replaced)
      try {
        checkAdmission(operation, {
          limits,
          quotas,
          countOf: (address) => tally.withEntity(entryPoint.address, address).size,
          rolesOf: tally.rolesOf,
          paidBy: tally.paidBy,
          replaced,
          ...(deposit !== undefined &&
            op.paymaster !== undefined && {
              paymasterDeposit: {
                deposit,
                reserved: tally.reserved(entryPoint.address, op.paymaster),
              },
            }),
        })
      } finally {
        if (replaced) tally.add(replaced)
      }
      const evicted =
        !replaced && byHash.size >= limits.maxOperations ? victimFor(operation, arrival) : undefined
      for (const left of [replaced, evicted]) if (left) remove(left.hash)
      const lane = insert(operation, 'arriving', block)
      lane.next = op.nonce - noncesAhead
      if (lane.entries.length > 1) evictionQueue.invalidate()
      return { ...(replaced && { replaced }), ...(evicted && { evicted }) }
    },
    occupantOf: (operation) => lanes.occupant(operation),
    restore(operation) {
      const occupant = byHash.get(operation.hash) ?? lanes.occupant(operation)
      if (occupant) remove(occupant.hash)
      const lane = insert(operation, 'waiting')
      if (lane.next !== undefined && operation.op.nonce < lane.next) lane.next = operation.op.nonce
    },
    setState(hashes, state) {
      for (const hash of hashes) {
        const entry = byHash.get(hash)
        if (entry) enter(entry, state)
      }
    },
    countRevert(hash) {
      const entry = byHash.get(hash)
      if (!entry) return 0
      entry.revertedBundles += 1
      entry.suspect = true
      return entry.revertedBundles
    },
    setSuspect(hash) {
      const entry = byHash.get(hash)
      if (entry) entry.suspect = true
    },
    wakeDeferred() {
      for (const entry of [...deferred]) enter(entry, 'waiting')
    },
    remove,
    nonceUsed(entryPoint, sender, nonce) {
      offerFirst(lanes.used(entryPoint, sender, nonce))
    },
    forgetNonces() {
      lanes.forgetNext()
      for (const lane of lanes.values()) offerFirst(lane)
    },
    nextNonce: (operation) => lanes.of(operation)?.next,
    ranking: (entryPoint, baseFee) => queueOf(entryPoint).open(baseFee),
    inFlight: () => inFlight,
    withEntity: (entryPoint, address) =>
      [...tally.withEntity(entryPoint, address)].flatMap((hash) => byHash.get(hash) ?? []),
    reservedDeposit: tally.reserved,
    dump: (entryPoint) =>
      [...byHash.values()].filter((entry) => entry.entryPoint.address === entryPoint),
    entries: () => byHash.values(),
    clear() {
      byHash.clear()
      deferred.clear()
      lanes.clear()
      tally.clear()
      queues.clear()
      inFlight.clear()
      evictionQueue.clear()
    },
  }
}

import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { MempoolLimits } from './admission.ts'
import { checkAdmission } from './admission.ts'
import type { DepositClaim } from './paymasterDeposits.ts'
import { reservedDeposit } from './paymasterDeposits.ts'

/**
 * `arriving`: in the pool, not yet in the journal. `waiting`: may be bundled.
 * `deferred`: not before the next block. `inFlight`: carried by a bundle.
 */
export type EntryState = 'arriving' | 'waiting' | 'deferred' | 'inFlight'

export type MempoolEntry = PooledOperation & {
  state: EntryState
  /** Bundles that carried it and reverted on chain. */
  revertedBundles: number
  /** A bundle with it failed and it may be the reason: it goes alone. */
  suspect: boolean
}

/** Operations that are acknowledged and not on chain. Synchronous and in memory; the journal is kept beside it. */
export type Mempool = {
  size(): number
  get(hash: Hex): MempoolEntry | undefined
  /**
   * Takes a place in the pool, in state `arriving`.
   * @param deposit Wei that the paymaster has at the EntryPoint; absent without paymaster.
   * @returns The operation whose place it took.
   * @throws RpcError when a limit forbids it.
   */
  add(operation: PooledOperation, deposit?: bigint): PooledOperation | undefined
  /** The pooled operation with the same sender and nonce. */
  occupantOf(operation: PooledOperation): MempoolEntry | undefined
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
  /** Operations of one EntryPoint that may be bundled now: per sender and nonce key the lowest nonce. */
  candidates(entryPoint: Address): MempoolEntry[]
  /** All operations of one EntryPoint, in order of admission. */
  dump(entryPoint: Address): MempoolEntry[]
  entries(): IterableIterator<MempoolEntry>
  clear(): void
}

export function createMempool(limits: MempoolLimits): Mempool {
  const byHash = new Map<Hex, MempoolEntry>()
  const bySlot = new Map<string, Hex>()
  const countBySender = new Map<string, number>()

  function occupantOf({ entryPoint, op }: PooledOperation): MempoolEntry | undefined {
    const hash = bySlot.get(slot(entryPoint, op))
    return hash === undefined ? undefined : byHash.get(hash)
  }

  function insert(operation: PooledOperation, state: EntryState) {
    const occupant = occupantOf(operation)
    if (occupant) remove(occupant.hash)
    byHash.set(operation.hash, { ...operation, state, revertedBundles: 0, suspect: false })
    bySlot.set(slot(operation.entryPoint, operation.op), operation.hash)
    const sender = senderKey(operation)
    countBySender.set(sender, (countBySender.get(sender) ?? 0) + 1)
  }

  function remove(hash: Hex): MempoolEntry | undefined {
    const entry = byHash.get(hash)
    if (!entry) return undefined
    byHash.delete(hash)
    bySlot.delete(slot(entry.entryPoint, entry.op))
    const sender = senderKey(entry)
    const left = (countBySender.get(sender) ?? 1) - 1
    if (left === 0) countBySender.delete(sender)
    else countBySender.set(sender, left)
    return entry
  }

  function* claims(): IterableIterator<DepositClaim> {
    for (const { hash, entryPoint, op, prefund } of byHash.values()) {
      yield { hash, entryPoint: entryPoint.address, paymaster: op.paymaster, prefund }
    }
  }

  return {
    size: () => byHash.size,
    get: (hash) => byHash.get(hash),
    add(operation, deposit) {
      const { op, entryPoint } = operation
      const replaced = occupantOf(operation)
      checkAdmission(operation, {
        limits,
        size: byHash.size,
        ofSender: countBySender.get(senderKey(operation)) ?? 0,
        replaced,
        ...(deposit !== undefined &&
          op.paymaster !== undefined && {
            paymasterDeposit: {
              deposit,
              reserved: reservedDeposit(claims(), entryPoint.address, op.paymaster, replaced?.hash),
            },
          }),
      })
      insert(operation, 'arriving')
      return replaced
    },
    occupantOf,
    restore: (operation) => insert(operation, 'waiting'),
    setState(hashes, state) {
      for (const hash of hashes) {
        const entry = byHash.get(hash)
        if (entry) entry.state = state
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
      for (const entry of byHash.values()) if (entry.state === 'deferred') entry.state = 'waiting'
    },
    remove,
    candidates(entryPoint) {
      const first = new Map<string, MempoolEntry>()
      for (const entry of byHash.values()) {
        if (entry.entryPoint.address !== entryPoint) continue
        const key = `${entry.op.sender}:${entry.op.nonce >> 64n}`
        const known = first.get(key)
        if (!known || entry.op.nonce < known.op.nonce) first.set(key, entry)
      }
      return [...first.values()].filter(({ state }) => state === 'waiting')
    },
    dump: (entryPoint) =>
      [...byHash.values()].filter((entry) => entry.entryPoint.address === entryPoint),
    entries: () => byHash.values(),
    clear() {
      byHash.clear()
      bySlot.clear()
      countBySender.clear()
    },
  }
}

/** What two operations cannot both occupy: a nonce of a sender at an EntryPoint. */
function slot(entryPoint: EntryPointAdapter, op: PooledOperation['op']): string {
  return `${entryPoint.address}:${op.sender}:${op.nonce}`
}

function senderKey({ entryPoint, op }: PooledOperation): string {
  return `${entryPoint.address}:${op.sender}`
}

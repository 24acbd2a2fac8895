import type { Hex } from 'viem'
import type { BlockRef, Bundle } from '../../types/bundle.ts'
import type { ReputationEntry } from '../../types/reputationEntry.ts'
import type { Inclusion } from '../../types/userOperationEvent.ts'
import type { ChainIdentity, Store, StoreChange, StoredOperation } from '../store.ts'
import { WrongChainError } from '../store.ts'

/** Operations with a fate that are kept; older ones are looked up on chain, where they are found. */
const MAX_FINISHED = 10_000

/**
 * A `Store` that forgets everything when the process ends, and before that the oldest finished
 * operations, but never an inclusion that a reorg can still undo.
 */
export function createMemoryStore({ maxFinished = MAX_FINISHED } = {}): Store {
  let chain: ChainIdentity | undefined
  const operations = new Map<Hex, StoredOperation>()
  const bundles = new Map<string, Bundle>()
  const inclusions = new Map<Hex, Inclusion>()
  const inclusionsByBlock = new Map<Hex, Set<Hex>>()
  const reputations = new Map<string, ReputationEntry>()
  let blocks: BlockRef[] = []
  /** Dropped and included operations, longest finished first. */
  const finished = new Set<Hex>()

  function forgetFinished(keepFrom: number) {
    for (const hash of finished) {
      if (finished.size <= maxFinished) return
      const block = inclusions.get(hash)?.block
      if (block && block.number >= keepFrom) continue
      finished.delete(hash)
      operations.delete(hash)
      forgetInclusion(hash)
    }
  }

  function forgetInclusion(hash: Hex) {
    const inclusion = inclusions.get(hash)
    if (!inclusion) return
    inclusions.delete(hash)
    const inBlock = inclusionsByBlock.get(inclusion.block.hash)
    inBlock?.delete(hash)
    if (inBlock?.size === 0) inclusionsByBlock.delete(inclusion.block.hash)
  }

  function setState(hash: Hex, stored: Omit<StoredOperation, 'operation'>) {
    const known = operations.get(hash)
    if (known?.state === 'included' && stored.state === 'dropped') return
    if (known) operations.set(hash, { operation: known.operation, ...stored })
    finished.delete(hash)
    if (stored.state !== 'pending') finished.add(hash)
  }

  function apply(change: StoreChange) {
    switch (change.type) {
      case 'operationAdded': {
        const { operation, replaces } = change
        if (replaces !== undefined) {
          const message = `replaced by ${operation.hash}`
          setState(replaces, { state: 'dropped', reason: { rule: 'replaced', message } })
        }
        operations.set(operation.hash, { operation, state: 'pending' })
        finished.delete(operation.hash)
        return
      }
      case 'operationDropped':
        return setState(change.hash, { state: 'dropped', reason: change.reason })
      case 'bundleSaved':
        bundles.set(change.bundle.id, structuredClone(change.bundle))
        return
      case 'bundleRemoved':
        bundles.delete(change.id)
        return
      case 'operationIncluded': {
        const { inclusion } = change
        forgetInclusion(inclusion.hash)
        inclusions.set(inclusion.hash, inclusion)
        const inBlock = inclusionsByBlock.get(inclusion.block.hash) ?? new Set()
        inclusionsByBlock.set(inclusion.block.hash, inBlock.add(inclusion.hash))
        return setState(inclusion.hash, { state: 'included' })
      }
      case 'inclusionUndone':
        forgetInclusion(change.hash)
        return setState(change.hash, { state: 'pending' })
      case 'reputationSaved':
        for (const entry of change.entries) {
          const key = `${entry.entryPoint}:${entry.address}`
          if (entry.opsSeen === 0n && entry.opsIncluded === 0n) reputations.delete(key)
          else reputations.set(key, { ...entry })
        }
        return
      case 'reputationCleared':
        reputations.clear()
        return
      case 'headMoved': {
        const removed = new Set(change.removed.map(({ hash }) => hash))
        blocks = [...blocks.filter(({ hash }) => !removed.has(hash)), ...change.added].filter(
          ({ number }) => number >= change.keepFrom,
        )
        for (const [id, { settledIn }] of bundles) {
          if (settledIn && settledIn.number < change.keepFrom) bundles.delete(id)
        }
        forgetFinished(change.keepFrom)
      }
    }
  }

  return {
    async commit(changes) {
      for (const change of changes) apply(change)
    },
    async bindChain(expected) {
      chain ??= expected
      if (chain.chainId !== expected.chainId || chain.genesisHash !== expected.genesisHash) {
        throw new WrongChainError(expected, chain)
      }
    },
    async pendingOperations() {
      return [...operations.values()]
        .filter(({ state }) => state === 'pending')
        .map(({ operation }) => operation)
        .sort((a, b) => a.addedAt - b.addedAt)
    },
    bundles: async () => [...bundles.values()].map((bundle) => structuredClone(bundle)),
    findOperation: async (hash) => operations.get(hash),
    findInclusion: async (hash) => inclusions.get(hash),
    async inclusionsInBlock(blockHash) {
      const hashes = [...(inclusionsByBlock.get(blockHash) ?? [])]
      return hashes.flatMap((hash) => inclusions.get(hash) ?? [])
    },
    reputations: async () => [...reputations.values()],
    recentBlocks: async () => [...blocks],
    async clearPending() {
      for (const [hash, { state }] of operations) if (state === 'pending') operations.delete(hash)
      bundles.clear()
    },
    check: async () => undefined,
    close: async () => undefined,
  }
}

import type { Address } from 'viem'
import type { ReputationEntry, ReputationParams, ReputationStatus } from './reputation.ts'
import { decayReputation, reputationStatus } from './reputation.ts'

const HOUR_MS = 3_600_000

export type ReputationTracker = {
  status(address: Address): ReputationStatus
  /** The operation was included: good for every entity in it. */
  countIncluded(entities: readonly Address[]): void
  /** A later validation failed because of `entity`, although admission had found it valid. */
  countFailed(entity: Address): void
  entries(): ReputationEntry[]
  clear(): void
}

/**
 * Keeps the reputation of factories, paymasters and senders.
 * An operation counts as seen when its fate is known, not when it is admitted: a burst of pending
 * operations of one paymaster is no misbehaviour. Decays by the hour.
 */
export function createReputationTracker(deps: {
  params: ReputationParams
  /** Unix milliseconds. */
  now: () => number
}): ReputationTracker {
  const entries = new Map<Address, ReputationEntry>()
  let decayedAt = deps.now()

  function decay() {
    const hours = Math.floor((deps.now() - decayedAt) / HOUR_MS)
    if (hours <= 0) return
    decayedAt += hours * HOUR_MS
    for (const [address, entry] of entries) {
      let decayed = entry
      // After ten days nothing is left of any realistic count.
      for (let hour = 0; hour < Math.min(hours, 240); hour++) decayed = decayReputation(decayed)
      if (decayed.opsSeen === 0n && decayed.opsIncluded === 0n) entries.delete(address)
      else entries.set(address, decayed)
    }
  }

  function count(address: Address, included: bigint) {
    const known = entries.get(address) ?? { address, opsSeen: 0n, opsIncluded: 0n }
    entries.set(address, {
      address,
      opsSeen: known.opsSeen + 1n,
      opsIncluded: known.opsIncluded + included,
    })
  }

  return {
    status(address) {
      decay()
      const entry = entries.get(address)
      return entry ? reputationStatus(entry, deps.params) : 'ok'
    },
    countIncluded(entities) {
      decay()
      for (const address of entities) count(address, 1n)
    },
    countFailed(entity) {
      decay()
      count(entity, 0n)
    },
    entries: () => [...entries.values()],
    clear: () => entries.clear(),
  }
}

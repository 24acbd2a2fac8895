import type { Address } from 'viem'
import type { ReputationEntry } from '../types/reputationEntry.ts'
import type { ReputationUpdate } from './blame.ts'
import type { Standing } from './quotas.ts'
import type { ReputationParams, ReputationStatus } from './reputation.ts'
import { decayReputation, reputationStatus, withEffect } from './reputation.ts'

const HOUR_MS = 3_600_000

export type RatedEntry = ReputationEntry & { status: ReputationStatus }

export type ReputationTracker = {
  status(entryPoint: Address, address: Address): ReputationStatus
  standing(entryPoint: Address, address: Address): Standing
  apply(entryPoint: Address, updates: readonly ReputationUpdate[]): void
  /** Entities of an EntryPoint that are throttled or banned. */
  outcasts(entryPoint: Address): RatedEntry[]
  /** Everything known of an EntryPoint. */
  entries(entryPoint: Address): RatedEntry[]
  /** Puts entries in the place of what is known, e.g. those of the journal. */
  set(entries: readonly ReputationEntry[]): void
  clear(): void
  /** Entries that changed since the last call: what the journal has to learn. */
  takeChanges(): ReputationEntry[]
}

/**
 * Keeps the reputation of factories, paymasters and staked senders, for each EntryPoint apart, because
 * stakes are. Decays by the full hour, and forgets what has come to nothing.
 */
export function createReputationTracker(deps: {
  params: ReputationParams
  /** Never throttled or banned, whatever their counters say. */
  trusted?: readonly Address[]
  /** Unix milliseconds. */
  now: () => number
}): ReputationTracker {
  const { params } = deps
  const trusted = new Set<Address>(deps.trusted)
  const entries = new Map<string, ReputationEntry>()
  /** Keys of entries that are throttled or banned, trusted ones excepted. */
  const outcasts = new Set<string>()
  const changed = new Map<string, ReputationEntry>()
  let sweptAt = currentHour()

  function currentHour() {
    return Math.floor(deps.now() / HOUR_MS)
  }

  function put(entry: ReputationEntry) {
    const key = keyOf(entry.entryPoint, entry.address)
    entries.set(key, entry)
    changed.set(key, entry)
    if (rate(entry) === 'ok') outcasts.delete(key)
    else outcasts.add(key)
  }

  function decay() {
    const hour = currentHour()
    if (hour <= sweptAt) return
    sweptAt = hour
    for (const [key, entry] of entries) {
      const decayed = { ...entry, ...decayReputation(entry, hour - entry.hour), hour }
      put(decayed)
      if (decayed.opsSeen !== 0n || decayed.opsIncluded !== 0n) continue
      entries.delete(key)
      outcasts.delete(key)
    }
  }

  function rate(entry: ReputationEntry): ReputationStatus {
    return trusted.has(entry.address) ? 'ok' : reputationStatus(entry, params)
  }

  function find(entryPoint: Address, address: Address): ReputationEntry {
    decay()
    return (
      entries.get(keyOf(entryPoint, address)) ?? {
        entryPoint,
        address,
        opsSeen: 0n,
        opsIncluded: 0n,
        hour: sweptAt,
      }
    )
  }

  const rated = (entry: ReputationEntry): RatedEntry => ({ ...entry, status: rate(entry) })
  const status = (entryPoint: Address, address: Address) => rate(find(entryPoint, address))

  return {
    status,
    standing(entryPoint, address) {
      const counts = find(entryPoint, address)
      return { status: rate(counts), counts, trusted: trusted.has(address) }
    },
    apply(entryPoint, updates) {
      for (const { address, effect } of updates) {
        const entry = find(entryPoint, address)
        put({ ...entry, ...withEffect(entry, effect, params) })
      }
    },
    outcasts(entryPoint) {
      decay()
      return [...outcasts]
        .flatMap((key) => entries.get(key) ?? [])
        .filter((entry) => entry.entryPoint === entryPoint)
        .map(rated)
    },
    entries(entryPoint) {
      decay()
      return [...entries.values()].filter((entry) => entry.entryPoint === entryPoint).map(rated)
    },
    set(given) {
      const hour = currentHour()
      for (const entry of given) {
        // A clock that was set back must not count up hours twice.
        const passed = Math.max(0, hour - entry.hour)
        put({ ...entry, ...decayReputation(entry, passed), hour })
      }
    },
    clear() {
      entries.clear()
      outcasts.clear()
      changed.clear()
    },
    takeChanges() {
      decay()
      const taken = [...changed.values()]
      changed.clear()
      return taken
    },
  }
}

function keyOf(entryPoint: Address, address: Address): string {
  return `${entryPoint}:${address}`
}

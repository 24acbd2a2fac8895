import type { Address, Hex } from 'viem'
import type { Accessor } from './conflict.ts'
import { sameAddress, sharesEntity, slotKeys } from './conflict.ts'

export type ConflictIndex = {
  add(operation: Accessor): void
  remove(hash: Hex): void
  /** An operation of the index that `operation` is in conflict with, as `conflict` defines it. */
  conflictOf(operation: Accessor): Hex | undefined
  clear(): void
}

/** Answers `conflict` against many operations at once, by what they accessed instead of pair by pair. */
export function createConflictIndex(): ConflictIndex {
  const byHash = new Map<Hex, Accessor>()
  /** Operations by sender, and by contract whose storage they access. */
  const bySender = createGroups()
  const byContract = createGroups()
  const readers = createGroups()
  const writers = createGroups()

  function forEachKey(operation: Accessor, visit: (groups: Groups, key: string) => void) {
    visit(bySender, operation.sender.toLowerCase())
    for (const contract of contractsOf(operation)) visit(byContract, contract)
    for (const key of slotKeys(operation.reads)) visit(readers, key)
    for (const key of slotKeys(operation.writes)) visit(writers, key)
  }

  return {
    add(operation) {
      if (byHash.has(operation.hash)) return
      byHash.set(operation.hash, operation)
      forEachKey(operation, (groups, key) => groups.add(key, operation))
    },
    remove(hash) {
      const operation = byHash.get(hash)
      if (!operation) return
      byHash.delete(hash)
      forEachKey(operation, (groups, key) => groups.remove(key, operation))
    },
    conflictOf(operation) {
      const ofOther = (other: Accessor) => !sameAddress(other.sender, operation.sender)
      const stranger = (other: Accessor) => ofOther(other) && !sharesEntity(other, operation)
      const found =
        byContract.find(operation.sender.toLowerCase(), ofOther) ??
        firstOf(contractsOf(operation), (contract) => bySender.find(contract, ofOther)) ??
        firstOf(slotKeys(operation.reads), (key) => writers.find(key, stranger)) ??
        firstOf(
          slotKeys(operation.writes),
          (key) => writers.find(key, stranger) ?? readers.find(key, stranger),
        )
      return found?.hash
    },
    clear() {
      byHash.clear()
      for (const groups of [bySender, byContract, readers, writers]) groups.clear()
    },
  }
}

type Groups = ReturnType<typeof createGroups>

/** Sets of operations by key; a key without operations takes no memory. */
function createGroups() {
  const groups = new Map<string, Set<Accessor>>()
  return {
    add(key: string, operation: Accessor) {
      const group = groups.get(key)
      if (group) group.add(operation)
      else groups.set(key, new Set([operation]))
    },
    remove(key: string, operation: Accessor) {
      const group = groups.get(key)
      group?.delete(operation)
      if (group?.size === 0) groups.delete(key)
    },
    find(key: string, matches: (operation: Accessor) => boolean): Accessor | undefined {
      for (const operation of groups.get(key) ?? []) if (matches(operation)) return operation
      return undefined
    },
    clear: () => groups.clear(),
  }
}

function contractsOf({ reads, writes }: Accessor): Address[] {
  const contracts = [...reads, ...writes]
    .filter(({ slots }) => slots.length > 0)
    .map(({ address }) => address.toLowerCase() as Address)
  return [...new Set(contracts)]
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

import type { Address, Hex } from 'viem'
import type { OperationEvent } from '../types/operationEvent.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'

/** An event and when this process saw it, in Unix milliseconds. */
export type HistoryStep = Omit<OperationEvent, 'userOpHash' | 'sender' | 'entryPoint'> & {
  at: number
}

export type OperationRecord = { sender: Address; entryPoint: Address; steps: HistoryStep[] }

export type OperationHistory = {
  /** An operation took its place in the pool, maybe that of another one. */
  admitted(operation: PooledOperation, at: number, replaced?: PooledOperation): OperationEvent[]
  /** @returns What became of operations, with sender and EntryPoint. */
  record(updates: readonly OperationUpdate[], at: number): OperationEvent[]
  find(hash: Hex): OperationRecord | undefined
  size(): number
}

export type HistoryLimits = {
  /** Finished operations that are remembered; pending ones always are, and the pool bounds them. */
  maxFinished: number
  /** Steps of one operation: the first, and the latest. */
  maxSteps: number
}

/** What happened to operations, in memory and bounded: the journal knows their state, not their way. */
export function createOperationHistory({ maxFinished, maxSteps }: HistoryLimits): OperationHistory {
  const entries = new Map<Hex, OperationRecord>()
  /** Longest finished first. */
  const finished = new Set<Hex>()

  function begin({ hash, op, entryPoint }: PooledOperation): OperationRecord {
    const known = entries.get(hash)
    if (known) return known
    const entry = { sender: op.sender, entryPoint: entryPoint.address, steps: [] }
    entries.set(hash, entry)
    return entry
  }

  function add(hash: Hex, entry: OperationRecord, step: HistoryStep): OperationEvent {
    entry.steps.push(step)
    if (entry.steps.length > maxSteps) entry.steps.splice(1, 1)
    finished.delete(hash)
    if (step.status === 'included' || step.status === 'dropped') finished.add(hash)
    forget()
    const { at: _, ...event } = step
    return { userOpHash: hash, sender: entry.sender, entryPoint: entry.entryPoint, ...event }
  }

  function forget() {
    for (const hash of finished) {
      if (finished.size <= maxFinished) return
      finished.delete(hash)
      entries.delete(hash)
    }
  }

  return {
    admitted(operation, at, replaced) {
      const events: OperationEvent[] = []
      if (replaced) {
        const reason = { rule: 'replaced', message: `replaced by ${operation.hash}` }
        events.push(add(replaced.hash, begin(replaced), { at, status: 'dropped', reason }))
      }
      events.push(add(operation.hash, begin(operation), { at, status: 'pending' }))
      return events
    },
    record(updates, at) {
      return updates.flatMap((update) => {
        const entry = entries.get(update.hash)
        return entry ? add(update.hash, entry, { at, ...stepOf(update) }) : []
      })
    },
    find: (hash) => entries.get(hash),
    size: () => entries.size,
  }
}

function stepOf(update: OperationUpdate): Omit<HistoryStep, 'at'> {
  switch (update.type) {
    case 'failed':
      return { status: 'pending', reason: update.reason }
    case 'dropped':
      return { status: 'dropped', reason: update.reason }
    case 'submitted':
      return { status: 'submitted', transactionHash: update.transactionHash }
    case 'included': {
      const { transactionHash, blockNumber, success } = update
      return { status: 'included', transactionHash, blockNumber, success }
    }
    case 'reorged':
      return { status: 'reorged', blockHash: update.blockHash }
  }
}

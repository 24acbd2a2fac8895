import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Logger } from '@fabstir/service'
import type { Hex } from 'viem'
import { createOperationFeed } from '../history/operationFeed.ts'
import { createOperationHistory } from '../history/operationHistory.ts'
import { createRejections } from '../history/rejections.ts'
import { logUpdates } from '../observability/logEvents.ts'
import type { OperationUpdate } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'

/** Finished operations whose way is remembered, and steps of each. */
const HISTORY = { maxFinished: 10_000, maxSteps: 50 }
const MAX_REJECTIONS = 1_000

/** What happened to operations, told to the log, the history and the subscribers. */
export function createOperationLog(deps: {
  logger: Logger
  chainId: number
  /** Unix milliseconds. */
  now: () => number
}) {
  const { logger, chainId, now } = deps
  const history = createOperationHistory(HISTORY)
  const rejections = createRejections(MAX_REJECTIONS)
  const feed = createOperationFeed()

  return {
    history,
    listen: feed.listen,
    findRejection: rejections.find,
    /** Pending operations of an earlier run: known, but no news. */
    recovered(operations: Iterable<PooledOperation>) {
      for (const operation of operations) history.admitted(operation, operation.addedAt)
    },
    admitted(operation: PooledOperation, replaced?: PooledOperation) {
      const { hash, op, entryPoint } = operation
      logger.info({ hash, sender: op.sender, entryPoint: entryPoint.address }, 'operation admitted')
      feed.publish(history.admitted(operation, now(), replaced))
    },
    updated(updates: readonly OperationUpdate[]) {
      logUpdates(logger, updates)
      feed.publish(history.record(updates, now()))
    },
    /** `admit`, but what it refuses can be explained later. */
    remembering:
      (admit: (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<Hex>) =>
      async (op: UserOperation, entryPoint: EntryPointAdapter): Promise<Hex> => {
        try {
          return await admit(op, entryPoint)
        } catch (error) {
          rejections.remember(op, entryPoint, chainId, error)
          throw error
        }
      },
  }
}

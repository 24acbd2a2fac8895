import type { Hash, Hex } from 'viem'
import type { RpcUserOperation } from 'viem/account-abstraction'

/** An operation as it goes to the bundler. Sent again, it is the same operation. */
export type SignedOperation = {
  hash: Hash
  callData: Hex
  request: RpcUserOperation
}

/** Signed operations of one key of which nobody knows whether a bundler took them. */
export type UnansweredOperations = {
  keep(operation: SignedOperation): void
  /** The oldest one with these calls, which is then its taker's business. */
  take(callData: Hex): SignedOperation | undefined
  forget(hash: Hash): void
}

/** Of more lost answers than this in a row, the oldest is forgotten. */
const capacity = 1000

/** A retry with the same calls finds its operation here, so that it sends that one again and not a second one. */
export function createUnansweredOperations(): UnansweredOperations {
  const operations = new Map<Hash, SignedOperation>()
  return {
    keep(operation) {
      operations.set(operation.hash, operation)
      const [oldest] = operations.keys()
      if (operations.size > capacity && oldest) operations.delete(oldest)
    },
    take(callData) {
      const taken = [...operations.values()].find((kept) => kept.callData === callData)
      if (taken) operations.delete(taken.hash)
      return taken
    },
    forget: (hash) => void operations.delete(hash),
  }
}

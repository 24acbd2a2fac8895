import type { Address, Hex } from 'viem'
import type { DropReason } from './operationUpdate.ts'

/** One step of an operation's life, for whoever subscribed to it. */
export type OperationEvent = {
  userOpHash: Hex
  sender: Address
  entryPoint: Address
  /** `pending` also for an operation that a failed bundle gave back, and after a reorg. */
  status: 'pending' | 'submitted' | 'included' | 'dropped' | 'reorged'
  transactionHash?: Hex
  /** Of the block that no longer is canonical. */
  blockHash?: Hex
  blockNumber?: number
  /** Of the operation's execution. */
  success?: boolean
  reason?: DropReason
}

/** Which operations a subscription is about: all given fields must fit. */
export type OperationFilter = { hash?: Hex; sender?: Address; entryPoint?: Address }

export function fits(filter: OperationFilter, event: OperationEvent): boolean {
  return (
    (filter.hash === undefined || filter.hash === event.userOpHash) &&
    (filter.sender === undefined || filter.sender === event.sender) &&
    (filter.entryPoint === undefined || filter.entryPoint === event.entryPoint)
  )
}

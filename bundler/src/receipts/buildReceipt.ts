import type { Hex } from 'viem'
import { decodeAbiParameters, zeroAddress } from 'viem'
import type { RpcLog, RpcTransactionReceipt } from '../chain/block.ts'
import { revertReason } from '../chain/revertReason.ts'
import type { Inclusion, UserOperationEvent } from '../types/userOperationEvent.ts'
import {
  beforeExecutionTopic,
  postOpRevertReasonTopic,
  userOperationEventTopic,
  userOperationRevertReasonTopic,
} from './userOperationEvent.ts'

/** Makes the answer of `eth_getUserOperationReceipt` (ERC-7769) out of an event and its transaction. */
export function buildInclusion(
  event: UserOperationEvent,
  transaction: RpcTransactionReceipt,
): Inclusion {
  const logs = logsOfOperation(transaction.logs, event)
  const revertData = event.success ? undefined : revertDataOf(logs, event)
  return {
    hash: event.userOpHash,
    transactionHash: event.transactionHash,
    block: { number: event.blockNumber, hash: event.blockHash },
    success: event.success,
    receipt: {
      userOpHash: event.userOpHash,
      entryPoint: event.entryPoint,
      sender: event.sender,
      nonce: quantity(event.nonce),
      ...(event.paymaster !== zeroAddress && { paymaster: event.paymaster }),
      actualGasCost: quantity(event.actualGasCost),
      actualGasUsed: quantity(event.actualGasUsed),
      success: event.success,
      ...(revertData !== undefined && { reason: revertReason(revertData), revertData }),
      logs,
      receipt: transaction,
    },
  }
}

/**
 * The logs that one operation made in its execution phase, its `UserOperationEvent` last.
 * They begin behind the event of the operation before it, or behind `BeforeExecution` for the first one.
 */
export function logsOfOperation(
  logs: readonly RpcLog[],
  { entryPoint, logIndex }: Pick<UserOperationEvent, 'entryPoint' | 'logIndex'>,
): RpcLog[] {
  const emitter = entryPoint.toLowerCase()
  const end = logs.findIndex((log) => Number(log.logIndex) === logIndex)
  let start = end
  while (start > 0) {
    const before = logs[start - 1]
    if (!before || (before.address.toLowerCase() === emitter && isBoundary(before))) break
    start -= 1
  }
  return logs.slice(start, end + 1)
}

function isBoundary({ topics }: RpcLog): boolean {
  return topics[0] === userOperationEventTopic || topics[0] === beforeExecutionTopic
}

function revertDataOf(
  logs: readonly RpcLog[],
  { entryPoint, userOpHash }: UserOperationEvent,
): Hex | undefined {
  const emitter = entryPoint.toLowerCase()
  const log = logs.find(
    ({ address, topics }) =>
      address.toLowerCase() === emitter &&
      topics[1] === userOpHash &&
      (topics[0] === userOperationRevertReasonTopic || topics[0] === postOpRevertReasonTopic),
  )
  if (!log) return undefined
  return decodeAbiParameters([{ type: 'uint256' }, { type: 'bytes' }], log.data)[1]
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}

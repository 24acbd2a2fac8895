import type { Address, Hex } from 'viem'
import { decodeAbiParameters, getAddress, toEventSelector } from 'viem'
import type { RpcLog } from '../chain/block.ts'
import type { UserOperationEvent } from '../types/userOperationEvent.ts'

/** The same in EntryPoint 0.6 to 0.9. */
export const userOperationEventTopic = toEventSelector(
  'UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)',
)
export const userOperationRevertReasonTopic = toEventSelector(
  'UserOperationRevertReason(bytes32,address,uint256,bytes)',
)
/** EntryPoint 0.7 and later. */
export const postOpRevertReasonTopic = toEventSelector(
  'PostOpRevertReason(bytes32,address,uint256,bytes)',
)
export const beforeExecutionTopic = toEventSelector('BeforeExecution()')

const eventData = [
  { type: 'uint256' },
  { type: 'bool' },
  { type: 'uint256' },
  { type: 'uint256' },
] as const

/** Whether `log` is the `UserOperationEvent` of one of `entryPoints` (any contract can emit a look-alike). */
export function isUserOperationEvent(log: RpcLog, entryPoints: readonly Address[]): boolean {
  if (log.topics[0] !== userOperationEventTopic || log.topics.length !== 4) return false
  const emitter = log.address.toLowerCase()
  return entryPoints.some((entryPoint) => entryPoint.toLowerCase() === emitter)
}

/** Decodes the `UserOperationEvent`s of `entryPoints` among `logs`, in their order. */
export function decodeUserOperationEvents(
  logs: readonly RpcLog[],
  entryPoints: readonly Address[],
): UserOperationEvent[] {
  return logs.filter((log) => isUserOperationEvent(log, entryPoints)).map(decode)
}

function decode(log: RpcLog): UserOperationEvent {
  const [, userOpHash, sender, paymaster] = log.topics
  const [nonce, success, actualGasCost, actualGasUsed] = decodeAbiParameters(eventData, log.data)
  return {
    entryPoint: getAddress(log.address),
    userOpHash: userOpHash ?? '0x',
    sender: addressOfTopic(sender),
    paymaster: addressOfTopic(paymaster),
    nonce,
    success,
    actualGasCost,
    actualGasUsed,
    transactionHash: log.transactionHash,
    blockHash: log.blockHash,
    blockNumber: Number(log.blockNumber),
    logIndex: Number(log.logIndex),
  }
}

function addressOfTopic(topic: Hex | undefined): Address {
  return getAddress(`0x${(topic ?? '0x').slice(-40).padStart(40, '0')}`)
}

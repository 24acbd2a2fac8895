import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { transferSpareGas } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type CancelControlledNodeParameters = {
  /** Who has not accepted the offer. */
  operator: Address
}
export type CancelControlledNodeEvent = {
  operator: Address
  controller: Address
  /** FAB in wei that was paid back. */
  stake: bigint
}

/**
 * Takes an offer of {@link registerControlledNode} back that its operator has not accepted, with its stake.
 * @example
 * await cancelControlledNode(client, { operator })
 */
export const cancelControlledNode = defineWrite<
  CancelControlledNodeParameters,
  CancelControlledNodeEvent
>({
  contract: 'registry',
  eventName: 'ControlCancelled',
  prepare: ({ contracts }, { operator }) =>
    oneCall(contracts.registry, registry.cancelControlledNode, [operator], transferSpareGas),
  parse: (log) => parseEvent(log, registry.ControlCancelled),
})

/** {@link cancelControlledNode} that waits until it is on chain. */
export const cancelControlledNodeSync = toSync(cancelControlledNode)

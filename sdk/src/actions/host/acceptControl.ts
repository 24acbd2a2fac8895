import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type AcceptControlParameters = {
  /** Who paid the stake for the account. */
  controller: Address
}
export type AcceptControlEvent = { node: Address; controller: Address }

/**
 * Makes the account a node with the stake that a controller has paid for it.
 * @example
 * await acceptControl(client, { controller })
 */
export const acceptControl = defineWrite<AcceptControlParameters, AcceptControlEvent>({
  contract: 'registry',
  eventName: 'ControllerSet',
  prepare: ({ contracts }, { controller }) =>
    oneCall(contracts.registry, registry.acceptControl, [controller]),
  parse(log) {
    const args = parseEvent(log, registry.ControllerSet)
    return args && { node: args.operator, controller: args.controller }
  },
})

/** {@link acceptControl} that waits until it is on chain. */
export const acceptControlSync = toSync(acceptControl)

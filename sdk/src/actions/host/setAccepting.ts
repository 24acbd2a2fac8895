import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetAcceptingParameters = { accepting: boolean }
export type SetAcceptingEvent = { node: Address; accepting: boolean }

/**
 * Opens or closes the host for new work. What is under way goes on.
 * @example
 * await setAccepting(client, { accepting: false })
 */
export const setAccepting = defineWrite<SetAcceptingParameters, SetAcceptingEvent>({
  contract: 'registry',
  eventName: 'AcceptingSet',
  prepare: ({ contracts }, { accepting }) =>
    oneCall(contracts.registry, registry.setAccepting, [accepting]),
  parse(log) {
    const args = parseEvent(log, registry.AcceptingSet)
    return args && { node: args.operator, accepting: args.accepting }
  },
})

/** {@link setAccepting} that waits until it is on chain. */
export const setAcceptingSync = toSync(setAccepting)

import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetMaxSessionsParameters = {
  /** At most 65,535; 0 is no cap. */
  maxSessions: number
}
export type SetMaxSessionsEvent = { node: Address; maxSessions: bigint }

/**
 * Caps the sessions that the host takes at a time.
 * @example
 * await setMaxSessions(client, { maxSessions: 8 })
 */
export const setMaxSessions = defineWrite<SetMaxSessionsParameters, SetMaxSessionsEvent>({
  contract: 'registry',
  eventName: 'MaxSessionsSet',
  prepare: ({ contracts }, { maxSessions }) =>
    oneCall(contracts.registry, registry.setMaxSessions, [BigInt(maxSessions)]),
  parse(log) {
    const args = parseEvent(log, registry.MaxSessionsSet)
    return args && { node: args.operator, maxSessions: args.maxSessions }
  },
})

/** {@link setMaxSessions} that waits until it is on chain. */
export const setMaxSessionsSync = toSync(setMaxSessions)

import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type UnregisterHostParameters = {
  /** A node that the account pays for; its own by default. */
  operator?: Address | undefined
}
export type UnregisterHostEvent = { node: Address }

/**
 * Leaves the registry and starts the unbonding of the whole stake.
 * @example
 * await unregisterHost(client)
 */
export const unregisterHost = defineWrite<UnregisterHostParameters, UnregisterHostEvent>({
  contract: 'registry',
  eventName: 'NodeUnregistered',
  prepare: ({ contracts }, { operator }) =>
    operator
      ? oneCall(contracts.registry, registry.unregisterControlledNode, [operator])
      : oneCall(contracts.registry, registry.unregisterNode, []),
  parse(log) {
    const args = parseEvent(log, registry.NodeUnregistered)
    return args && { node: args.operator }
  },
})

/** {@link unregisterHost} that waits until it is on chain. */
export const unregisterHostSync = toSync(unregisterHost)

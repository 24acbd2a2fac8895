import { nodeRegistryAbi } from '@fabstir/contracts/abi'
import { type Address, encodeFunctionData } from 'viem'
import { decodeEvent } from '../decodeEvent.ts'
import { defineWrite, toSync } from '../write.ts'

/** Nothing but the client. */
export type UnregisterHostParameters = Record<never, never>
export type UnregisterHostEvent = { node: Address }

/**
 * Leaves the registry and starts the unbonding of the whole stake.
 * @example
 * await unregisterHost(client, {})
 */
export const unregisterHost = defineWrite<UnregisterHostParameters, UnregisterHostEvent>({
  eventName: 'NodeUnregistered',
  prepare: ({ contracts }) => ({
    calls: [
      {
        to: contracts.registry,
        data: encodeFunctionData({ abi: nodeRegistryAbi, functionName: 'unregisterNode' }),
      },
    ],
  }),
  parse(log) {
    const args = decodeEvent(log, nodeRegistryAbi, 'NodeUnregistered')
    return args && { node: args.operator }
  },
})

/** {@link unregisterHost} that waits until it is on chain. */
export const unregisterHostSync = toSync(unregisterHost)

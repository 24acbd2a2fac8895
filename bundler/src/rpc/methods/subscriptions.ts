import type { EntryPointAdapter } from '@fabstir/erc4337'
import { z } from 'zod'
import type { OperationFilter } from '../../types/operationEvent.ts'
import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'
import type { Caller, Methods, Subscriber } from '../method.ts'
import { address, bytesOfSize } from '../schemas/hex.ts'
import { parse } from '../schemas/parse.ts'
import { expectParams, parseEntryPoint } from './params.ts'

const topic = z.literal('userOperations', { error: 'must be "userOperations"' })
const filterFields = z.strictObject({
  hash: bytesOfSize(32).optional(),
  sender: address.optional(),
  entryPoint: address.optional(),
})
const subscriptionId = bytesOfSize(16)

/** `eth_subscribe("userOperations", filter)` and `eth_unsubscribe(id)`, over WebSocket only. */
export function subscriptionMethods(deps: { entryPoints: readonly EntryPointAdapter[] }): Methods {
  return {
    async eth_subscribe(params, caller) {
      const subscriber = subscriberOf(caller)
      expectParams(params, 1, 2)
      parse(topic, params[0], 'subscription')
      return subscriber.subscribe(parseFilter(params[1], deps.entryPoints))
    },
    async eth_unsubscribe(params, caller) {
      const subscriber = subscriberOf(caller)
      expectParams(params, 1)
      return subscriber.unsubscribe(parse(subscriptionId, params[0], 'subscription'))
    },
  }
}

function parseFilter(value: unknown, entryPoints: readonly EntryPointAdapter[]): OperationFilter {
  const unknown = 'is not a field of a filter'
  const { hash, sender, entryPoint } = parse(filterFields, value ?? {}, 'filter', unknown)
  return {
    ...(hash !== undefined && { hash }),
    ...(sender !== undefined && { sender }),
    ...(entryPoint !== undefined && {
      entryPoint: parseEntryPoint(entryPoint, entryPoints).address,
    }),
  }
}

function subscriberOf({ subscriber }: Caller): Subscriber {
  if (subscriber) return subscriber
  const message = 'notifications need a WebSocket connection'
  throw new RpcError(rpcErrorCode.methodNotFound, message, { rule: 'webSocketOnly' })
}

import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type RequestUnstakeParameters = {
  amount: TokenAmount<'fab'>
  /** A node that the account pays for; its own by default. */
  operator?: Address | undefined
}
export type RequestUnstakeEvent = {
  node: Address
  /** FAB in wei. */
  amount: bigint
  /** Unix seconds from which it can be withdrawn. */
  endsAt: number
}

/**
 * Starts the unbonding of a part of the host's stake. Below the minimum the host takes no new work at once.
 * @example
 * await requestUnstake(client, { amount: fab(100) })
 */
export const requestUnstake = defineWrite<RequestUnstakeParameters, RequestUnstakeEvent>({
  contract: 'registry',
  eventName: 'UnstakeRequested',
  prepare: ({ contracts }, { amount: { value }, operator }) =>
    operator
      ? oneCall(contracts.registry, registry.requestUnstakeControlled, [operator, value])
      : oneCall(contracts.registry, registry.requestUnstake, [value]),
  parse(log) {
    const args = parseEvent(log, registry.UnstakeRequested)
    return args && { node: args.operator, amount: args.amount, endsAt: args.endsAt }
  },
})

/** {@link requestUnstake} that waits until it is on chain. */
export const requestUnstakeSync = toSync(requestUnstake)

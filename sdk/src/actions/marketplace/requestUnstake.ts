import { nodeRegistryAbi } from '@fabstir/contracts/abi'
import { type Address, encodeFunctionData } from 'viem'
import type { TokenAmount } from '../../units/amounts.ts'
import { decodeEvent } from '../decodeEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type RequestUnstakeParameters = { amount: TokenAmount<'fab'> }
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
  eventName: 'UnstakeRequested',
  prepare: ({ contracts }, { amount }) => ({
    calls: [
      {
        to: contracts.registry,
        data: encodeFunctionData({
          abi: nodeRegistryAbi,
          functionName: 'requestUnstake',
          args: [amount.value],
        }),
      },
    ],
  }),
  parse(log) {
    const args = decodeEvent(log, nodeRegistryAbi, 'UnstakeRequested')
    return args && { node: args.operator, amount: args.amount, endsAt: args.endsAt }
  },
})

/** {@link requestUnstake} that waits until it is on chain. */
export const requestUnstakeSync = toSync(requestUnstake)

import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type AddStakeParameters = {
  amount: TokenAmount<'fab'>
  /** A node that the account pays for; its own by default. */
  operator?: Address | undefined
}
export type AddStakeEvent = {
  node: Address
  /** FAB in wei. */
  amount: bigint
  /** FAB in wei afterwards. */
  stake: bigint
}

/**
 * Approves and adds FAB to the stake of a registered host: one operation.
 * @throws {InsufficientBalanceError} When the account holds less FAB than that.
 * @example
 * await addStake(client, { amount: fab(500) })
 */
export const addStake = defineWrite<AddStakeParameters, AddStakeEvent>({
  contract: 'registry',
  eventName: 'StakeAdded',
  prepare({ contracts }, { amount: { value }, operator }) {
    const call = operator
      ? encodeCall(contracts.registry, registry.stakeControlled, [operator, value])
      : encodeCall(contracts.registry, registry.stake, [value])
    return withPull(call, contracts.fab, value)
  },
  parse(log) {
    const args = parseEvent(log, registry.StakeAdded)
    return args && { node: args.operator, amount: args.amount, stake: args.stake }
  },
  // A registration with more than the minimum adds stake too.
  belongs: ({ amount }, parameters) => amount === parameters.amount.value,
})

/** {@link addStake} that waits until it is on chain. */
export const addStakeSync = toSync(addStake)

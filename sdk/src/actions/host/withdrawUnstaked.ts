import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { transferSpareGas } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type WithdrawUnstakedParameters = {
  /** A node that the account pays for; its own by default. */
  operator?: Address | undefined
}
export type WithdrawUnstakedEvent = {
  node: Address
  /** FAB in wei, paid to who had paid the stake. */
  amount: bigint
}

/**
 * Pays out stake that has finished unbonding. Refused while claims or checkpointed sessions are open.
 * @example
 * await withdrawUnstaked(client)
 */
export const withdrawUnstaked = defineWrite<WithdrawUnstakedParameters, WithdrawUnstakedEvent>({
  contract: 'registry',
  eventName: 'StakeWithdrawn',
  prepare: ({ contracts }, { operator }) =>
    operator
      ? oneCall(contracts.registry, registry.withdrawControlled, [operator], transferSpareGas)
      : oneCall(contracts.registry, registry.withdrawUnstaked, [], transferSpareGas),
  parse(log) {
    const args = parseEvent(log, registry.StakeWithdrawn)
    return args && { node: args.operator, amount: args.amount }
  },
})

/** {@link withdrawUnstaked} that waits until it is on chain. */
export const withdrawUnstakedSync = toSync(withdrawUnstaked)

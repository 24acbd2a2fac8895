import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import { oneCall } from '../encodeCall.ts'
import type { WithdrawEvent, WithdrawParameters } from '../marketplace/withdraw.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

/**
 * Pays out what subscriptions owe the account in a token: a provider's collected periods, a subscriber's refund.
 * @example
 * await withdrawSubscriptions(client, { token: 'usdc' })
 */
export const withdrawSubscriptions = defineWrite<WithdrawParameters, WithdrawEvent>({
  contract: 'subscriptions',
  eventName: 'Withdrawn',
  prepare({ contracts }, { token, to }) {
    const address = tokenAddress(contracts, token)
    return oneCall(contracts.subscriptions, subscriptions.withdraw, to ? [address, to] : [address])
  },
  parse: (log) => parseEvent(log, subscriptions.Withdrawn),
})

/** {@link withdrawSubscriptions} that waits until it is on chain. */
export const withdrawSubscriptionsSync = toSync(withdrawSubscriptions)

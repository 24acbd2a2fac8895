import { type Address, isAddressEqual, zeroAddress } from 'viem'
import * as fabToken from '../../contracts/generated/fabToken.ts'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { readView } from '../readView.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetAutoRenewParameters = {
  planId: bigint
  autoRenew: boolean
  /**
   * Periods whose price the provider may pull, one at a time: this approval outlives its operation, because that is
   * what renewal by the provider takes. 0 by default: then the subscriber renews by itself. Switching off takes the
   * account's whole approval back, also for other plans in that token.
   */
  periods?: number | undefined
}
export type SetAutoRenewEvent = { planId: bigint; subscriber: Address; autoRenew: boolean }

/**
 * Lets a subscription in a token be renewed for one period when it ends.
 * @example
 * await setAutoRenew(client, { planId, autoRenew: true, periods: 12 })
 */
export const setAutoRenew = defineWrite<SetAutoRenewParameters, SetAutoRenewEvent>({
  contract: 'subscriptions',
  eventName: 'AutoRenewSet',
  async prepare(client, { planId, autoRenew, periods = 0 }) {
    const address = client.contracts.subscriptions
    const call = encodeCall(address, subscriptions.setAutoRenew, [planId, autoRenew])
    if (autoRenew && periods === 0) return { calls: [call] }
    const { token, price } = await readView(client, address, subscriptions.getPlan, [planId])
    if (isAddressEqual(token, zeroAddress)) return { calls: [call] }
    const held = autoRenew
      ? await readView(client, token, fabToken.allowance, [client.account.address, address])
      : 0n
    const approved = autoRenew ? held + price * BigInt(periods) : 0n
    return { calls: [call, encodeCall(token, fabToken.approve, [address, approved])] }
  },
  parse: (log) => parseEvent(log, subscriptions.AutoRenewSet),
})

/** {@link setAutoRenew} that waits until it is on chain. */
export const setAutoRenewSync = toSync(setAutoRenew)

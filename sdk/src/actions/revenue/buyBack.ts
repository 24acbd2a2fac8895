import * as buyback from '../../contracts/generated/buyback.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type BuyBackParameters = {
  /** Of the dollars that the contract holds. */
  amount: TokenAmount<'usdc'>
  /** Least FAB to take for it. The contract's own bound by the average price holds as well. */
  minimum: TokenAmount<'fab'>
}
export type BuyBackEvent = {
  /** USDC in its smallest unit. */
  spent: bigint
  /** FAB in wei. */
  bought: bigint
  /** FAB in wei, of what was bought. */
  burned: bigint
}

/**
 * Buys FAB with dollars of the protocol and burns its share. Keepers only.
 * @example
 * const { burned } = await buyBackSync(client, { amount: usdc(1000), minimum: fab(900) })
 */
export const buyBack = defineWrite<BuyBackParameters, BuyBackEvent>({
  contract: 'buyback',
  eventName: 'BoughtBack',
  prepare: ({ contracts }, { amount, minimum }) =>
    oneCall(contracts.buyback, buyback.buy, [amount.value, minimum.value]),
  parse: (log) => parseEvent(log, buyback.BoughtBack),
})

/** {@link buyBack} that waits until it is on chain. */
export const buyBackSync = toSync(buyBack)

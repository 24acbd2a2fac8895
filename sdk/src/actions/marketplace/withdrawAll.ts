import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { namedTokens, tokenAddress } from '../../contracts/tokens.ts'
import type { Token } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWriteMany, toSync } from '../write.ts'
import type { WithdrawEvent } from './withdraw.ts'

export type WithdrawAllParameters = {
  /** At most 32; ETH, USDC and FAB by default. One in which nothing is owed is passed over. */
  tokens?: readonly Token[] | undefined
}
export type WithdrawAllEvent = { withdrawals: WithdrawEvent[] }

/**
 * Pays out everything that the marketplace owes the account in several tokens.
 * @example
 * const { withdrawals } = await withdrawAllSync(client)
 */
export const withdrawAll = defineWriteMany<WithdrawAllParameters, WithdrawEvent, WithdrawAllEvent>({
  contract: 'marketplace',
  eventName: 'Withdrawn',
  prepare: ({ contracts }, { tokens = namedTokens }) =>
    oneCall(contracts.marketplace, marketplace.withdrawAll, [
      tokens.map((token) => tokenAddress(contracts, token)),
    ]),
  parse: (log) => parseEvent(log, marketplace.Withdrawn),
  gather: (withdrawals) => ({ withdrawals }),
})

/** {@link withdrawAll} that waits until it is on chain. */
export const withdrawAllSync = toSync(withdrawAll)

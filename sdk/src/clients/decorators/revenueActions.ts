import { buyBack } from '../../actions/revenue/buyBack.ts'
import { splitRevenue } from '../../actions/revenue/splitRevenue.ts'
import { withdrawableRevenue } from '../../actions/revenue/withdrawableRevenue.ts'
import { withdrawRevenue } from '../../actions/revenue/withdrawRevenue.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindAction, bindActions } from './bindActions.ts'

/** Actions on revenue that was earned outside of the marketplace, and on the protocol's own. */
export type RevenueActions = ReturnType<typeof revenueActions>

/**
 * Actions on revenue that was earned outside of the marketplace, and on the protocol's own: bound to a client.
 * @example
 * const payer = createFabstirClient({ account, transport, paymaster }).extend(revenueActions)
 */
export function revenueActions(client: WriteClient) {
  return {
    ...bindActions(client, {
      /** Approves and divides revenue among host, treasury and stakers. */
      splitRevenue,
      /** Pays out the account's part of revenue. */
      withdrawRevenue,
      /** Buys FAB with dollars of the protocol. Keepers only. */
      buyBack,
    }),
    /** The account's part of revenue that is not paid out yet. */
    withdrawableRevenue: bindAction(client, withdrawableRevenue),
  }
}

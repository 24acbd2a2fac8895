import { cancelSubscription } from '../../actions/subscriptions/cancelSubscription.ts'
import { closePlan } from '../../actions/subscriptions/closePlan.ts'
import { collectSubscription } from '../../actions/subscriptions/collectSubscription.ts'
import { consumeQuota } from '../../actions/subscriptions/consumeQuota.ts'
import { createPlan } from '../../actions/subscriptions/createPlan.ts'
import { extendSubscription } from '../../actions/subscriptions/extendSubscription.ts'
import { getPlan } from '../../actions/subscriptions/getPlan.ts'
import { getSubscription } from '../../actions/subscriptions/getSubscription.ts'
import { renewSubscription } from '../../actions/subscriptions/renewSubscription.ts'
import { setAutoRenew } from '../../actions/subscriptions/setAutoRenew.ts'
import { setMeter } from '../../actions/subscriptions/setMeter.ts'
import { subscribe } from '../../actions/subscriptions/subscribe.ts'
import { withdrawableSubscriptions } from '../../actions/subscriptions/withdrawableSubscriptions.ts'
import { withdrawSubscriptions } from '../../actions/subscriptions/withdrawSubscriptions.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindAction, bindActions } from './bindActions.ts'

/** Actions around prepaid plans. */
export type SubscriptionActions = ReturnType<typeof subscriptionActions>

/**
 * Actions around prepaid plans: bound to a client.
 * @example
 * const provider = createFabstirClient({ account, transport, paymaster }).extend(subscriptionActions)
 */
export function subscriptionActions(client: WriteClient) {
  return {
    ...bindActions(client, {
      /** Opens a plan of the account. */
      createPlan,
      /** Takes no more subscriptions of a plan. */
      closePlan,
      /** Names who records use of a plan. */
      setMeter,
      /** Approves and pays for periods of a plan from now on. */
      subscribe,
      /** Approves and pays for further periods. */
      extendSubscription,
      /** Lets a subscription be renewed when it ends. */
      setAutoRenew,
      /** Starts one period for a subscription that has ended. */
      renewSubscription,
      /** Takes units from a subscriber's quota. */
      consumeQuota,
      /** Ends a subscription with its running period. */
      cancelSubscription,
      /** Credits a provider with the periods that have begun. */
      collectSubscription,
      /** Pays out what subscriptions owe the account in a token. */
      withdrawSubscriptions,
      /** A subscription plan. */
      getPlan,
      /** An account's subscription to a plan. */
      getSubscription,
    }),
    /** What subscriptions owe an account in a token. */
    withdrawableSubscriptions: bindAction(client, withdrawableSubscriptions),
  }
}

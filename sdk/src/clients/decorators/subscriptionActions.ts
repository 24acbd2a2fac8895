import {
  cancelSubscription,
  cancelSubscriptionSync,
} from '../../actions/subscriptions/cancelSubscription.ts'
import { closePlan, closePlanSync } from '../../actions/subscriptions/closePlan.ts'
import {
  collectSubscription,
  collectSubscriptionSync,
} from '../../actions/subscriptions/collectSubscription.ts'
import { consumeQuota, consumeQuotaSync } from '../../actions/subscriptions/consumeQuota.ts'
import { createPlan, createPlanSync } from '../../actions/subscriptions/createPlan.ts'
import {
  extendSubscription,
  extendSubscriptionSync,
} from '../../actions/subscriptions/extendSubscription.ts'
import { getPlan } from '../../actions/subscriptions/getPlan.ts'
import { getSubscription } from '../../actions/subscriptions/getSubscription.ts'
import {
  renewSubscription,
  renewSubscriptionSync,
} from '../../actions/subscriptions/renewSubscription.ts'
import { setAutoRenew, setAutoRenewSync } from '../../actions/subscriptions/setAutoRenew.ts'
import { setMeter, setMeterSync } from '../../actions/subscriptions/setMeter.ts'
import { subscribe, subscribeSync } from '../../actions/subscriptions/subscribe.ts'
import { withdrawableSubscriptions } from '../../actions/subscriptions/withdrawableSubscriptions.ts'
import {
  withdrawSubscriptions,
  withdrawSubscriptionsSync,
} from '../../actions/subscriptions/withdrawSubscriptions.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindTo } from './bindTo.ts'

/** Actions around prepaid plans. */
export type SubscriptionActions = ReturnType<typeof subscriptionActions>

/** Binds the actions to a client. `x` resolves when the bundler has the operation, `xSync` with its event. */
export function subscriptionActions(client: WriteClient) {
  const bind = bindTo(client)
  return {
    /** Opens a plan of the account. */
    createPlan: bind(createPlan),
    createPlanSync: bind(createPlanSync),
    /** Takes no more subscriptions of a plan. */
    closePlan: bind(closePlan),
    closePlanSync: bind(closePlanSync),
    /** Names who records use of a plan. */
    setMeter: bind(setMeter),
    setMeterSync: bind(setMeterSync),
    /** Approves and pays for periods of a plan from now on. */
    subscribe: bind(subscribe),
    subscribeSync: bind(subscribeSync),
    /** Approves and pays for further periods. */
    extendSubscription: bind(extendSubscription),
    extendSubscriptionSync: bind(extendSubscriptionSync),
    /** Lets a subscription be renewed when it ends. */
    setAutoRenew: bind(setAutoRenew),
    setAutoRenewSync: bind(setAutoRenewSync),
    /** Starts one period for a subscription that has ended. */
    renewSubscription: bind(renewSubscription),
    renewSubscriptionSync: bind(renewSubscriptionSync),
    /** Takes units from a subscriber's quota. */
    consumeQuota: bind(consumeQuota),
    consumeQuotaSync: bind(consumeQuotaSync),
    /** Ends a subscription with its running period. */
    cancelSubscription: bind(cancelSubscription),
    cancelSubscriptionSync: bind(cancelSubscriptionSync),
    /** Credits a provider with the periods that have begun. */
    collectSubscription: bind(collectSubscription),
    collectSubscriptionSync: bind(collectSubscriptionSync),
    /** Pays out what subscriptions owe the account in a token. */
    withdrawSubscriptions: bind(withdrawSubscriptions),
    withdrawSubscriptionsSync: bind(withdrawSubscriptionsSync),
    /** A subscription plan. */
    getPlan: bind(getPlan),
    /** An account's subscription to a plan. */
    getSubscription: bind(getSubscription),
    /** What subscriptions owe an account in a token. */
    withdrawableSubscriptions: bind(withdrawableSubscriptions),
  }
}

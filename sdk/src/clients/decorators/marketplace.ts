import type { WriteClient } from '../../types/client.ts'
import { type CommonActions, commonActions } from './commonActions.ts'
import { type GovernanceActions, governanceActions } from './governanceActions.ts'
import { type HostActions, hostActions } from './hostActions.ts'
import { type ModelActions, modelActions } from './modelActions.ts'
import { type ProofActions, proofActions } from './proofActions.ts'
import { type RenterActions, renterActions } from './renterActions.ts'
import { type StakingActions, stakingActions } from './stakingActions.ts'
import { type SubscriptionActions, subscriptionActions } from './subscriptionActions.ts'

/** Every action of the marketplace, on one client. */
export type MarketplaceActions = HostActions &
  RenterActions &
  CommonActions &
  ModelActions &
  ProofActions &
  SubscriptionActions &
  StakingActions &
  GovernanceActions

/** Binds the actions of the marketplace to a client. */
export function marketplaceActions(client: WriteClient): MarketplaceActions {
  return {
    ...hostActions(client),
    ...renterActions(client),
    ...commonActions(client),
    ...modelActions(client),
    ...proofActions(client),
    ...subscriptionActions(client),
    ...stakingActions(client),
    ...governanceActions(client),
  }
}

import type { WriteClient } from '../../types/client.ts'
import { type CommonActions, commonActions } from './commonActions.ts'
import { type HostActions, hostActions } from './hostActions.ts'
import { type RenterActions, renterActions } from './renterActions.ts'

/** What hosts, renters and everyone do. The others are groups to extend a client with (decision 84). */
export type MarketplaceActions = HostActions & RenterActions & CommonActions

/** Binds the actions of the marketplace to a client. */
export function marketplaceActions(client: WriteClient): MarketplaceActions {
  return { ...hostActions(client), ...renterActions(client), ...commonActions(client) }
}

import {
  type FabstirClient,
  governanceActions,
  modelActions,
  proofActions,
  protocolActions,
  revenueActions,
  sessionKeyActions,
  stakingActions,
  subscriptionActions,
} from '@fabstir/sdk'

/** A client with every action there is. */
export const wholeClient = (client: FabstirClient) =>
  client
    .extend(governanceActions)
    .extend(modelActions)
    .extend(proofActions)
    .extend(protocolActions)
    .extend(revenueActions)
    .extend(sessionKeyActions)
    .extend(stakingActions)
    .extend(subscriptionActions)

export type WholeClient = ReturnType<typeof wholeClient>

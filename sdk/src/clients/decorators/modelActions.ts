import { delistModel } from '../../actions/models/delistModel.ts'
import { findCheapestHost } from '../../actions/models/findCheapestHost.ts'
import { getDemand } from '../../actions/models/getDemand.ts'
import { getModel } from '../../actions/models/getModel.ts'
import { getModels } from '../../actions/models/getModels.ts'
import { getOffers } from '../../actions/models/getOffers.ts'
import { listModel } from '../../actions/models/listModel.ts'
import { quoteWork } from '../../actions/models/quoteWork.ts'
import { recordDemand } from '../../actions/models/recordDemand.ts'
import { recordModelUse } from '../../actions/models/recordModelUse.ts'
import { removeOffer } from '../../actions/models/removeOffer.ts'
import { setOffer } from '../../actions/models/setOffer.ts'
import { updateModel } from '../../actions/models/updateModel.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindAction, bindActions } from './bindActions.ts'

/** Actions around the models of the registry and what hosts ask for them. */
export type ModelActions = ReturnType<typeof modelActions>

/**
 * Actions around the models of the registry and what hosts ask for them: bound to a client.
 * @example
 * const host = createFabstirClient({ account, transport, paymaster }).extend(modelActions)
 */
export function modelActions(client: WriteClient) {
  return {
    ...bindActions(client, {
      /** Lists a model in the account's name. */
      listModel,
      /** Publishes new metadata of a listed model. */
      updateModel,
      /** Takes a model off the list. */
      delistModel,
      /** Offers a listed model at a price by tokens, by time, or both. */
      setOffer,
      /** Removes an offer. */
      removeOffer,
      /** Counts a settled session for its model. */
      recordModelUse,
      /** Adds a settled session to the demand for its model. */
      recordDemand,
      /** A model of the registry. */
      getModel,
      /** Ids of the listed models. */
      getModels,
      /** What hosts ask for a model in a token. */
      getOffers,
    }),
    /** The cheapest host that takes work now. */
    findCheapestHost: bindAction(client, findCheapestHost),
    /** What so many tokens or minutes cost by a host's offer. */
    quoteWork: bindAction(client, quoteWork),
    /** Demand for a model, and what a price becomes by it. */
    getDemand: bindAction(client, getDemand),
  }
}

import { delistModel, delistModelSync } from '../../actions/models/delistModel.ts'
import { findCheapestHost } from '../../actions/models/findCheapestHost.ts'
import { getDemand } from '../../actions/models/getDemand.ts'
import { getModel } from '../../actions/models/getModel.ts'
import { getModels } from '../../actions/models/getModels.ts'
import { getOffers } from '../../actions/models/getOffers.ts'
import { listModel, listModelSync } from '../../actions/models/listModel.ts'
import { quoteWork } from '../../actions/models/quoteWork.ts'
import { recordDemand, recordDemandSync } from '../../actions/models/recordDemand.ts'
import { recordModelUse, recordModelUseSync } from '../../actions/models/recordModelUse.ts'
import { removeOffer, removeOfferSync } from '../../actions/models/removeOffer.ts'
import { setOffer, setOfferSync } from '../../actions/models/setOffer.ts'
import { updateModel, updateModelSync } from '../../actions/models/updateModel.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindTo } from './bindTo.ts'

/** Actions around the models of the registry and what hosts ask for them. */
export type ModelActions = ReturnType<typeof modelActions>

/** Binds the actions to a client. `x` resolves when the bundler has the operation, `xSync` with its event. */
export function modelActions(client: WriteClient) {
  const bind = bindTo(client)
  return {
    /** Lists a model in the account's name. */
    listModel: bind(listModel),
    listModelSync: bind(listModelSync),
    /** Publishes new metadata of a listed model. */
    updateModel: bind(updateModel),
    updateModelSync: bind(updateModelSync),
    /** Takes a model off the list. */
    delistModel: bind(delistModel),
    delistModelSync: bind(delistModelSync),
    /** Offers a listed model at a price by tokens, by time, or both. */
    setOffer: bind(setOffer),
    setOfferSync: bind(setOfferSync),
    /** Removes an offer. */
    removeOffer: bind(removeOffer),
    removeOfferSync: bind(removeOfferSync),
    /** Counts a settled session for its model. */
    recordModelUse: bind(recordModelUse),
    recordModelUseSync: bind(recordModelUseSync),
    /** Adds a settled session to the demand for its model. */
    recordDemand: bind(recordDemand),
    recordDemandSync: bind(recordDemandSync),
    /** A model of the registry. */
    getModel: bind(getModel),
    /** Ids of the listed models. */
    getModels: bind(getModels),
    /** What hosts ask for a model in a token. */
    getOffers: bind(getOffers),
    /** The cheapest host that takes work now. */
    findCheapestHost: bind(findCheapestHost),
    /** What so many tokens or minutes cost by a host's offer. */
    quoteWork: bind(quoteWork),
    /** Demand for a model, and what a price becomes by it. */
    getDemand: bind(getDemand),
  }
}

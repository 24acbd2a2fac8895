import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetDefaultCoSignerParameters = {
  /** Zero takes it back. */
  coSigner: Address
}
export type SetDefaultCoSignerEvent = { account: Address; coSigner: Address }

/**
 * Sets the key that co-signs sessions which the account opens without naming one.
 * @example
 * await setDefaultCoSigner(client, { coSigner: appKey.address })
 */
export const setDefaultCoSigner = defineWrite<
  SetDefaultCoSignerParameters,
  SetDefaultCoSignerEvent
>({
  contract: 'marketplace',
  eventName: 'DefaultCoSignerSet',
  prepare: ({ contracts }, { coSigner }) =>
    oneCall(contracts.marketplace, marketplace.setDefaultCoSigner, [coSigner]),
  parse: (log) => parseEvent(log, marketplace.DefaultCoSignerSet),
})

/** {@link setDefaultCoSigner} that waits until it is on chain. */
export const setDefaultCoSignerSync = toSync(setDefaultCoSigner)

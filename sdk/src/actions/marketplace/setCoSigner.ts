import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type SetCoSignerParameters = {
  sessionId: bigint
  coSigner: Address
}
export type SetCoSignerEvent = {
  sessionId: bigint
  coSigner: Address
  /** Unix seconds from which only the new key signs. */
  effectiveAt: bigint
}

/**
 * Changes the key that co-signs an active session, after its closing window: until then the host can record what the
 * old key signed. The renter only.
 * @example
 * const { effectiveAt } = await setCoSignerSync(client, { sessionId, coSigner: newKey.address })
 */
export const setCoSigner = defineWrite<SetCoSignerParameters, SetCoSignerEvent>({
  contract: 'marketplace',
  eventName: 'SessionCoSignerChanging',
  prepare: ({ contracts }, { sessionId, coSigner }) =>
    oneCall(contracts.marketplace, marketplace.setCoSigner, [sessionId, coSigner]),
  parse(log) {
    const args = parseEvent(log, marketplace.SessionCoSignerChanging)
    if (!args) return undefined
    const { jobId, ...event } = args
    return { sessionId: jobId, ...event }
  },
})

/** {@link setCoSigner} that waits until it is on chain. */
export const setCoSignerSync = toSync(setCoSigner)

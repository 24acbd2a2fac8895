import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWriteMany, toSync } from '../write.ts'
import { parseSessionSettled, type SessionSettledEvent } from './sessionSettled.ts'

export type SettleManyParameters = { sessionIds: readonly bigint[] }
export type SettleManyEvent = { sessions: SessionSettledEvent[] }

/**
 * Settles several sessions of the account with what is proven on chain: all of them, or none. Their host only.
 * @example
 * const { sessions } = await settleManySync(client, { sessionIds: [1n, 2n] })
 */
export const settleMany = defineWriteMany<
  SettleManyParameters,
  SessionSettledEvent,
  SettleManyEvent
>({
  contract: 'marketplace',
  eventName: 'SessionSettled',
  prepare: ({ contracts }, { sessionIds }) =>
    oneCall(contracts.marketplace, marketplace.settleMany, [sessionIds]),
  parse: parseSessionSettled,
  belongs: ({ sessionId }, { sessionIds }) => sessionIds.includes(sessionId),
  gather: (sessions) => ({ sessions }),
})

/** {@link settleMany} that waits until it is on chain. */
export const settleManySync = toSync(settleMany)

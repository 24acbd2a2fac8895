import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { encodeFunctionData } from 'viem'
import { defineWrite, toSync } from '../write.ts'
import { parseSessionSettled, type SessionSettledEvent } from './sessionSettled.ts'

export type FinalizeSessionParameters = { sessionId: bigint }

/**
 * Settles a session whose closing window has ended. Anyone.
 * @example
 * await finalizeSession(client, { sessionId })
 */
export const finalizeSession = defineWrite<FinalizeSessionParameters, SessionSettledEvent>({
  eventName: 'SessionSettled',
  prepare: ({ contracts }, { sessionId }) => ({
    calls: [
      {
        to: contracts.marketplace,
        data: encodeFunctionData({
          abi: jobMarketplaceAbi,
          functionName: 'finalizeSession',
          args: [sessionId],
        }),
      },
    ],
  }),
  parse: parseSessionSettled,
})

/** {@link finalizeSession} that waits until it is on chain. */
export const finalizeSessionSync = toSync(finalizeSession)

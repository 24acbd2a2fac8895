import { encodeFunctionData } from 'viem'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { decodeEvent } from '../decodeEvent.ts'
import { defineWrite, toSync } from '../write.ts'

/** Every key and every unused signed grant of earlier epochs is dead. */
export type RevokeAllSessionsEvent = { epoch: number }

/**
 * Ends every session key of the account and every signed grant that was not used yet, by starting a new epoch: also
 * those that nobody remembers.
 * @example
 * await revokeAllSessions(client)
 */
export const revokeAllSessions = defineWrite<Record<never, never>, RevokeAllSessionsEvent>({
  eventName: 'AllSessionKeysRevoked',
  prepare: ({ account }) => ({
    calls: [
      {
        to: account.address,
        data: encodeFunctionData({
          abi: fabstirAccountAbi,
          functionName: 'revokeAllSessionKeys',
        }),
      },
    ],
  }),
  parse(log) {
    const args = decodeEvent(log, fabstirAccountAbi, 'AllSessionKeysRevoked')
    return args && { epoch: args.epoch }
  },
})

/** {@link revokeAllSessions} that waits until it is on chain. */
export const revokeAllSessionsSync = toSync(revokeAllSessions)

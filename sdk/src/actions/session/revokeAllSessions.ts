import { assertSessionKeys } from '../../accounts/session/assertSessionKeys.ts'
import * as fabstirAccount from '../../contracts/generated/fabstirAccount.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

/** Every key and every unused signed grant of earlier epochs is dead. */
export type RevokeAllSessionsEvent = { epoch: number }

/**
 * Ends every session key of the account and every signed grant that was not used yet, by starting a new epoch: also
 * those that nobody remembers.
 * @throws {SessionKeysNotSupportedError} When the client's account is not of this package.
 * @example
 * await revokeAllSessions(client)
 */
export const revokeAllSessions = defineWrite<Record<never, never>, RevokeAllSessionsEvent>({
  eventName: 'AllSessionKeysRevoked',
  prepare({ account }) {
    assertSessionKeys(account)
    return oneCall(account.address, fabstirAccount.revokeAllSessionKeys, [])
  },
  parse(log) {
    const args = parseEvent(log, fabstirAccount.AllSessionKeysRevoked)
    return args && { epoch: args.epoch }
  },
})

/** {@link revokeAllSessions} that waits until it is on chain. */
export const revokeAllSessionsSync = toSync(revokeAllSessions)

import { type Address, isAddressEqual, type Log } from 'viem'
import { type SessionKeyName, sessionKeyAddress } from '../../accounts/keys/sessionKeyAddress.ts'
import { assertSessionKeys } from '../../accounts/session/assertSessionKeys.ts'
import { readKeyState } from '../../accounts/session/readKeyState.ts'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import * as fabstirAccount from '../../contracts/generated/fabstirAccount.ts'
import { SessionKeyNotActiveError } from '../../errors/session.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

/** The installed key was revoked, or the signed grant cancelled before its first use. */
export type RevokeSessionEvent =
  | { outcome: 'revoked'; key: Address }
  | { outcome: 'cancelled'; salt: `0x${string}` }

/** A grant, or the name of an installed key whose grant is not at hand. */
export type RevokeSessionParameters = SessionGrant | { key: SessionKeyName }

/**
 * Ends a grant: revokes its key when it is installed, and cancels its signature, so that it can neither be used nor
 * installed any more, also when the app installs it at this very moment. By its key alone, a signed grant that was not
 * used yet stays good.
 * @throws {SessionKeysNotSupportedError} When the client's account is not of this package.
 * @throws {SessionKeyNotActiveError} When it is not installed and there is no signature to cancel.
 * @example
 * await revokeSession(client, grant)
 * await revokeSession(client, { key: appKey.address })
 */
export const revokeSession = defineWrite<RevokeSessionParameters, RevokeSessionEvent>({
  eventName: 'SessionKeyRevoked',
  async prepare({ client, account }, grant) {
    assertSessionKeys(account)
    const { address } = account
    if (!('policy' in grant)) return { calls: [revokeCall(address, sessionKeyAddress(grant.key))] }
    const { policy, enable } = grant
    const { installed, replaced } = await readKeyState(client, grant)
    if (!installed && !enable) throw new SessionKeyNotActiveError({ key: policy.key })
    const revoke = revokeCall(address, policy.key)
    const cancel = enable ? [encodeCall(address, fabstirAccount.cancelGrant, [enable.salt])] : []
    // The app may install the grant before this operation is included, so the key is revoked in any case, unless it
    // lives on by another grant. The first event tells the outcome.
    return { calls: installed ? [revoke, ...cancel] : replaced ? cancel : [...cancel, revoke] }
  },
  parse: parseRevocation,
  belongs(event, grant) {
    if (event.outcome === 'cancelled') return 'enable' in grant && grant.enable?.salt === event.salt
    const key = 'policy' in grant ? grant.policy.key : sessionKeyAddress(grant.key)
    return isAddressEqual(event.key, key)
  },
})

/** {@link revokeSession} that waits until it is on chain. */
export const revokeSessionSync = toSync(revokeSession)

const revokeCall = (account: Address, key: Address) =>
  encodeCall(account, fabstirAccount.revokeSessionKey, [key])

function parseRevocation(log: Log): RevokeSessionEvent | undefined {
  const revoked = parseEvent(log, fabstirAccount.SessionKeyRevoked)
  if (revoked) return { outcome: 'revoked', key: revoked.key }
  const cancelled = parseEvent(log, fabstirAccount.GrantCancelled)
  return cancelled && { outcome: 'cancelled', salt: cancelled.salt }
}

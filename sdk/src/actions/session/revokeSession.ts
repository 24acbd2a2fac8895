import { type Address, encodeFunctionData, type Log } from 'viem'
import { type SessionKeyName, sessionKeyAddress } from '../../accounts/keys/sessionKeyAddress.ts'
import { readKeyState } from '../../accounts/session/readKeyState.ts'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { SessionKeyNotActiveError } from '../../errors/session.ts'
import { decodeEvent } from '../decodeEvent.ts'
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
 * @throws {SessionKeyNotActiveError} When it is not installed and there is no signature to cancel.
 * @example
 * await revokeSession(client, grant)
 * await revokeSession(client, { key: appKey.address })
 */
export const revokeSession = defineWrite<RevokeSessionParameters, RevokeSessionEvent>({
  eventName: 'SessionKeyRevoked',
  async prepare({ client, account }, grant) {
    if (!('policy' in grant))
      return {
        calls: [{ to: account.address, data: encodeRevoke(sessionKeyAddress(grant.key)) }],
      }
    const { policy, enable } = grant
    const { installed, replaced } = await readKeyState(client, grant)
    if (!installed && !enable) throw new SessionKeyNotActiveError({ key: policy.key })
    const revoke = encodeRevoke(policy.key)
    const cancel = enable ? [encodeCancel(enable.salt)] : []
    // The app may install the grant before this operation is included, so the key is revoked in any case, unless it
    // lives on by another grant. The first event tells the outcome.
    const calls = installed ? [revoke, ...cancel] : replaced ? cancel : [...cancel, revoke]
    return { calls: calls.map((data) => ({ to: account.address, data })) }
  },
  parse: parseRevocation,
})

/** {@link revokeSession} that waits until it is on chain. */
export const revokeSessionSync = toSync(revokeSession)

const encodeRevoke = (key: Address) =>
  encodeFunctionData({ abi: fabstirAccountAbi, functionName: 'revokeSessionKey', args: [key] })

const encodeCancel = (salt: `0x${string}`) =>
  encodeFunctionData({ abi: fabstirAccountAbi, functionName: 'cancelGrant', args: [salt] })

function parseRevocation(log: Log): RevokeSessionEvent | undefined {
  const revoked = decodeEvent(log, fabstirAccountAbi, 'SessionKeyRevoked')
  if (revoked) return { outcome: 'revoked', key: revoked.key }
  const cancelled = decodeEvent(log, fabstirAccountAbi, 'GrantCancelled')
  return cancelled && { outcome: 'cancelled', salt: cancelled.salt }
}

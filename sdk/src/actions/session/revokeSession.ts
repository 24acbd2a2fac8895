import { type Address, type Client, isAddressEqual, type Log, pad } from 'viem'
import { getBlock } from 'viem/actions'
import { type SessionKeyName, sessionKeyAddress } from '../../accounts/keys/sessionKeyAddress.ts'
import { assertGrantOf } from '../../accounts/session/assertGrantOf.ts'
import { assertSessionKeys } from '../../accounts/session/assertSessionKeys.ts'
import { readKeyState } from '../../accounts/session/readKeyState.ts'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import * as fabstirAccount from '../../contracts/generated/fabstirAccount.ts'
import { readLogs, topicOf } from '../../contracts/readLogs.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import { SessionKeyNotActiveError } from '../../errors/session.ts'
import type { WriteClient } from '../../types/client.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

/** The installed key was revoked, or the signed grant cancelled before its first use. */
export type RevokeSessionEvent =
  | { outcome: 'revoked'; key: Address }
  | { outcome: 'cancelled'; salt: `0x${string}` }

/** A grant, or the name of an installed key whose grant is not at hand. */
export type RevokeSessionParameters = SessionGrant | { key: SessionKeyName }

const ending = defineWrite<RevokeSessionParameters, RevokeSessionEvent>({
  eventName: 'SessionKeyRevoked',
  async prepare({ client, account, contracts }, grant) {
    assertSessionKeys(account)
    const { address } = account
    if (!('policy' in grant)) return { calls: [revokeCall(address, sessionKeyAddress(grant.key))] }
    assertGrantOf(grant, { chainId: contracts.chainId, account: address })
    const { policy, enable } = grant
    const { installed, livesOn } = await readKeyState(client, grant)
    if (!installed && !enable) throw new SessionKeyNotActiveError({ key: policy.key })
    const revoke = revokeCall(address, policy.key)
    const cancel = enable ? [encodeCall(address, fabstirAccount.cancelGrant, [enable.salt])] : []
    // The app may install the grant before this operation is included, so the key is revoked in any case, unless it
    // lives on by another grant. The first event tells the outcome.
    return { calls: installed ? [revoke, ...cancel] : livesOn ? cancel : [...cancel, revoke] }
  },
  parse: parseRevocation,
  belongs(event, grant) {
    if (event.outcome === 'cancelled') return 'enable' in grant && grant.enable?.salt === event.salt
    const key = 'policy' in grant ? grant.policy.key : sessionKeyAddress(grant.key)
    return isAddressEqual(event.key, key)
  },
})
const endingSync = toSync(ending)

/**
 * Ends a grant: revokes its key when it is installed, and cancels its signature, so that it can neither be used nor
 * installed any more, also when the app installs it at this very moment. By its key alone, a signed grant that was not
 * used yet stays good.
 *
 * Where the key lives on by another grant, only the signature is cancelled, and an app that installs it at this moment
 * may come first. `revokeSessionSync` looks, and revokes the key then; without it, and in a batch, `getSessionKey`
 * tells.
 * @throws {SessionKeysNotSupportedError} When the client's account is not of this package.
 * @throws {SessionGrantInvalidError} When it is a grant of another account or chain than the client's.
 * @throws {SessionKeyNotActiveError} When it is not installed and there is no signature to cancel.
 * @example
 * await revokeSession(client, grant)
 * await revokeSession(client, { key: appKey.address })
 */
export const revokeSession: typeof ending = Object.assign(ending, {
  async sync(client: WriteClient, grant: RevokeSessionParameters) {
    const node = client.client
    const { number } = await withTypedErrors(client, () => getBlock(node))
    const ended = await endingSync(client, grant)
    if (ended.outcome === 'revoked' || !('policy' in grant)) return ended
    const cameFirst = await withTypedErrors(client, () => wasInstalled(node, grant, number))
    return cameFirst ? endingSync(client, { key: grant.policy.key }) : ended
  },
})

/** {@link revokeSession} that waits until it is on chain. */
export const revokeSessionSync = toSync(revokeSession)

/** Whether the account holds the grant, and has had a grant of its key installed after the block. */
async function wasInstalled(client: Client, grant: SessionGrant, after: bigint): Promise<boolean> {
  const { installed } = await readKeyState(client, grant)
  if (!installed) return false
  const { account, policy } = grant
  const topics = [topicOf(fabstirAccount.SessionKeyAdded), pad(policy.key)]
  const logs = await readLogs(client, { address: account, topics, fromBlock: after + 1n })
  return logs.length > 0
}

const revokeCall = (account: Address, key: Address) =>
  encodeCall(account, fabstirAccount.revokeSessionKey, [key])

function parseRevocation(log: Log): RevokeSessionEvent | undefined {
  const revoked = parseEvent(log, fabstirAccount.SessionKeyRevoked)
  if (revoked) return { outcome: 'revoked', key: revoked.key }
  const cancelled = parseEvent(log, fabstirAccount.GrantCancelled)
  return cancelled && { outcome: 'cancelled', salt: cancelled.salt }
}

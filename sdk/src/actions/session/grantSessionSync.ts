import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import { explainFailure } from '../../errors/explainFailure.ts'
import type { WriteClient } from '../../types/client.ts'
import type { GrantSessionParameters } from './grantSession.ts'
import { installCall } from './installSession.ts'
import { preparePolicy } from './preparePolicy.ts'
import { readEpoch } from './readEpoch.ts'

/**
 * Installs a grant for a session key by an operation of the owner, and waits for it.
 * @returns JSON to hand to the app.
 * @throws {SessionKeysNotSupportedError} When the client's account is not of this package.
 * @throws {OwnerNotFoundError} When the client's account does not sign as its owner.
 * @throws {SessionPolicyInvalidError | SessionScopeError} When the account would refuse the policy.
 * @example
 * const grant = await grantSessionSync(client, { key: appKey.address, expiresIn: '24h', scope: ['claimJob'] })
 */
export async function grantSessionSync(
  client: WriteClient,
  parameters: GrantSessionParameters,
): Promise<SessionGrant> {
  try {
    const { policy, grant } = await preparePolicy(client, parameters)
    const epoch = await readEpoch(client)
    const { sender } = client
    await sender.confirm(await sender.send([installCall(grant.account, policy)]))
    return { ...grant, epoch }
  } catch (error) {
    throw await explainFailure(error, client)
  }
}

import { bytesToHex } from 'viem'
import { grantTypedData } from '../../accounts/session/grantTypedData.ts'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import type { SessionPolicyParameters } from '../../accounts/session/toSessionPolicy.ts'
import { toSecp256k1Signature } from '../../accounts/signature.ts'
import { explainFailure } from '../../errors/explainFailure.ts'
import type { WriteClient } from '../../types/client.ts'
import { preparePolicy } from './preparePolicy.ts'
import { readEpoch } from './readEpoch.ts'

export type GrantSessionParameters = SessionPolicyParameters

/**
 * Signs a grant for a session key. Nothing is sent: the key's first operation installs it.
 * @returns JSON to hand to the app. Without the session key itself it is of no use.
 * @throws {OwnerNotFoundError} When the client's account does not sign as its owner.
 * @example
 * const grant = await grantSession(client, {
 *   key: appKey.address, expiresIn: '24h', uses: 500,
 *   scope: ['claimJob', 'checkpoint'], spend: { usdc: { total: usdc(20), perCall: usdc(5) } },
 * })
 */
export async function grantSession(
  client: WriteClient,
  parameters: GrantSessionParameters,
): Promise<SessionGrant> {
  try {
    const { owner, policy, grant } = await preparePolicy(client, parameters)
    const epoch = await readEpoch(client)
    const salt = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
    const deadline = policy.validUntil
    const { chainId, account } = grant
    const signature = await owner.signTypedData(
      grantTypedData({ chainId, account, policy, salt, deadline, epoch }),
    )
    const ownerSignature = toSecp256k1Signature(signature)
    return { ...grant, enable: { salt, deadline, epoch, ownerSignature } }
  } catch (error) {
    throw await explainFailure(error, client)
  }
}

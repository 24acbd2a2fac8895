import { bytesToHex } from 'viem'
import { grantTypedData } from '../../accounts/session/grantTypedData.ts'
import type { SessionGrant, SignedDelegation } from '../../accounts/session/sessionGrant.ts'
import type { SessionPolicyParameters } from '../../accounts/session/toSessionPolicy.ts'
import { explainFailure } from '../../errors/explainFailure.ts'
import { signDelegation } from '../../operations/signDelegation.ts'
import type { WriteClient } from '../../types/client.ts'
import type { WriteAction } from '../write.ts'
import { type GrantSessionEvent, installSession } from './installSession.ts'
import { preparePolicy } from './preparePolicy.ts'
import { readEpoch } from './readEpoch.ts'

export type GrantSessionParameters = SessionPolicyParameters

export type GrantSession = ((
  client: WriteClient,
  parameters: GrantSessionParameters,
) => Promise<SessionGrant>) &
  Pick<WriteAction<GrantSessionParameters, GrantSessionEvent>, 'call' | 'extractEvent'>

/**
 * Signs a grant for a session key. Nothing is sent: the key's first operation installs it.
 * `grantSession.call()` is the action for `batch` that installs the key by the owner's operation instead.
 * @returns JSON to hand to the app. Without the session key itself it is of no use.
 * @throws {SessionKeysNotSupportedError} When the client's account is not of this package.
 * @throws {OwnerNotFoundError} When the client's account does not sign as its owner.
 * @throws {SessionPolicyInvalidError | SessionScopeError} When the account would refuse the policy.
 * @example
 * const grant = await grantSession(client, {
 *   key: appKey.address, expiresIn: '24h', uses: 500,
 *   scope: ['claimJob', 'checkpoint'], spend: { usdc: { total: usdc(20), perCall: usdc(5) } },
 * })
 */
export const grantSession: GrantSession = Object.assign(signGrant, {
  call: installSession.call,
  extractEvent: installSession.extractEvent,
})

async function signGrant(
  client: WriteClient,
  parameters: GrantSessionParameters,
): Promise<SessionGrant> {
  try {
    const { signer, policy, grant } = await preparePolicy(client, parameters)
    const epoch = await readEpoch(client)
    const salt = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
    const deadline = policy.validUntil
    const { chainId, account } = grant
    const ownerSignature = await signer.sign(
      grantTypedData({ chainId, account, policy, salt, deadline, epoch }),
      'owner',
    )
    const authorization = await readDelegation(client)
    return {
      ...grant,
      ...(authorization && { authorization }),
      enable: { salt, deadline, epoch, ownerSignature },
    }
  } catch (error) {
    throw await explainFailure(error, client)
  }
}

/** What the grant has to carry so that its first use can delegate an EOA that is not delegated yet. */
async function readDelegation({
  account,
  contracts,
}: WriteClient): Promise<SignedDelegation | undefined> {
  const signed = await signDelegation(account, contracts.chainId)
  if (!signed) return undefined
  const { chainId, address, nonce, r, s, yParity } = signed
  return { chainId, address, nonce, r, s, yParity: yParity ?? 0 }
}

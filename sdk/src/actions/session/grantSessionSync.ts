import { fabstirAccountAbi } from '@fabstir/contracts/abi'
import { encodeFunctionData } from 'viem'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import { explainFailure } from '../../errors/explainFailure.ts'
import { confirmOperation } from '../../operations/confirmOperation.ts'
import { sendOperation } from '../../operations/sendOperation.ts'
import type { WriteClient } from '../../types/client.ts'
import type { GrantSessionParameters } from './grantSession.ts'
import { preparePolicy } from './preparePolicy.ts'

/**
 * Installs a grant for a session key by an operation of the owner, and waits for it.
 * @returns JSON to hand to the app.
 * @throws {OwnerNotFoundError} When the client's account does not sign as its owner.
 * @throws {UserOperationRevertedError} When the account refuses the policy.
 * @example
 * const grant = await grantSessionSync(client, { key: appKey.address, expiresIn: '24h', scope: ['claimJob'] })
 */
export async function grantSessionSync(
  client: WriteClient,
  parameters: GrantSessionParameters,
): Promise<SessionGrant> {
  try {
    const { policy, grant } = await preparePolicy(client, parameters)
    const data = encodeFunctionData({
      abi: fabstirAccountAbi,
      functionName: 'addSessionKeyWithPolicy',
      args: [policy],
    })
    const hash = await sendOperation(client, [{ to: grant.account, data }])
    await confirmOperation(client, hash)
    return grant
  } catch (error) {
    throw await explainFailure(error, client)
  }
}

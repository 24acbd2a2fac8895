import { getBlock } from 'viem/actions'
import type { FabstirAccount } from '../../accounts/fabstir/toFabstirAccount.ts'
import type { KeySigner } from '../../accounts/keys/keySigner.ts'
import { assertSessionKeys } from '../../accounts/session/assertSessionKeys.ts'
import { type SessionGrant, toGrantPolicy } from '../../accounts/session/sessionGrant.ts'
import type { SessionPolicy } from '../../accounts/session/sessionPolicy.ts'
import {
  type SessionPolicyParameters,
  toSessionPolicy,
} from '../../accounts/session/toSessionPolicy.ts'
import { OwnerNotFoundError } from '../../errors/session.ts'
import type { PrepareClient } from '../preparedCalls.ts'

/**
 * Policy and unsigned grant for a session key of the client's account. Its time begins with the chain's latest block.
 * @throws {SessionKeysNotSupportedError} When the client's account is not of this package.
 * @throws {OwnerNotFoundError} When the client's account does not sign as its owner.
 */
export async function preparePolicy(
  { client, account: account_, contracts }: PrepareClient,
  parameters: SessionPolicyParameters,
): Promise<{ signer: KeySigner; policy: SessionPolicy; grant: SessionGrant }> {
  assertSessionKeys(account_)
  const account = account_ as Partial<FabstirAccount> & typeof account_
  const { ownerSigner, deployment, factory, factoryData } = account
  if (!ownerSigner || !deployment || !factory || !factoryData)
    throw new OwnerNotFoundError({ account: account.address })
  const { timestamp } = await getBlock(client)
  const policy = toSessionPolicy(parameters, {
    contracts,
    deployment,
    account: account.address,
    now: Number(timestamp),
  })
  return {
    signer: ownerSigner,
    policy,
    grant: {
      version: 1,
      chainId: contracts.chainId,
      account: account.address,
      entryPoint: deployment.entryPoint,
      factory,
      factoryData,
      policy: toGrantPolicy(policy),
    },
  }
}

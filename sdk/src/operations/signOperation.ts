import {
  formatUserOperationRequest,
  getUserOperationHash,
  prepareUserOperation,
  type SmartAccount,
  type UserOperation,
} from 'viem/account-abstraction'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import type { FabstirAccountExtension } from '../accounts/fabstir/nonceLanes.ts'
import type { WriteClient } from '../types/client.ts'
import { signDelegation } from './signDelegation.ts'
import type { SignedOperation } from './unansweredOperations.ts'

/**
 * Prepares, sponsors and signs one operation. Its hash is known before it is sent, so that no answer of a bundler
 * is needed to find it again.
 * @param lane Nonce lane, from 0. Other smart accounts choose their nonce keys themselves.
 */
export async function signOperation(
  client: WriteClient,
  calls: readonly AccountCall[],
  lane: number,
): Promise<SignedOperation> {
  const account: SmartAccount & Partial<FabstirAccountExtension> = client.account
  const key = account.nonceKey?.(lane)
  const nonce = await account.getNonce(key === undefined ? undefined : { key })
  const authorization = await signDelegation(account)
  const prepared = await prepareUserOperation(client, {
    account,
    calls: [...calls],
    nonce,
    // Signed before it is sponsored: the sponsor pays for the code that it names.
    ...(authorization && { authorization }),
  })
  const unsigned = prepared as UserOperation
  const userOperation = { ...unsigned, signature: await account.signUserOperation(unsigned) }
  const hash = getUserOperationHash({
    chainId: client.contracts.chainId,
    entryPointAddress: account.entryPoint.address,
    entryPointVersion: account.entryPoint.version,
    userOperation,
  })
  return { hash, callData: unsigned.callData, request: formatUserOperationRequest(userOperation) }
}

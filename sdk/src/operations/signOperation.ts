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
import type { SignedOperation } from './unansweredOperations.ts'

/**
 * Prepares, sponsors and signs one operation. Its hash is known before it is sent, so that no answer of a bundler
 * is needed to find it again.
 * @param lane Nonce lane, from 0. Other smart accounts choose their nonce keys themselves.
 * @param spareGas Gas that the calls may take beyond an estimate.
 */
export async function signOperation(
  client: WriteClient,
  calls: readonly AccountCall[],
  { lane, spareGas }: { lane: number; spareGas: bigint },
): Promise<SignedOperation> {
  const account: SmartAccount & Partial<FabstirAccountExtension> = client.account
  const key = account.nonceKey?.(lane)
  const nonce = await account.getNonce(key === undefined ? undefined : { key })
  const prepared = await prepareUserOperation(withSpareGas(client, spareGas), {
    account,
    calls: [...calls],
    nonce,
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

/** The client, with limits for calls that are higher by so much than the bundler's. */
function withSpareGas(client: WriteClient, spareGas: bigint): WriteClient {
  if (spareGas === 0n) return client
  return {
    ...client,
    async estimateUserOperationGas(parameters) {
      const gas = await client.estimateUserOperationGas(parameters)
      return { ...gas, callGasLimit: gas.callGasLimit + spareGas }
    },
  }
}

import { size } from 'viem'
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
 * @param lane Nonce lane, from 0. Other smart accounts have one, under their nonce key 0.
 * @param spareGas Gas that the calls may take beyond an estimate.
 */
export async function signOperation(
  client: WriteClient,
  calls: readonly AccountCall[],
  { lane, spareGas }: { lane: number; spareGas: bigint },
): Promise<SignedOperation> {
  const spare = {
    call: spareGas,
    verification: 'nonceKey' in client.account ? 0n : verificationSpareGas,
  }
  const userOperation = await prepareSigned(withSpareGas(client, spare), calls, lane)
  const { account, contracts } = client
  const hash = getUserOperationHash({
    chainId: contracts.chainId,
    entryPointAddress: account.entryPoint.address,
    entryPointVersion: account.entryPoint.version,
    userOperation,
  })
  const request = formatUserOperationRequest(userOperation)
  return { hash, callData: userOperation.callData, request }
}

async function prepareSigned(
  client: WriteClient,
  calls: readonly AccountCall[],
  lane: number,
  isSecond = false,
): Promise<UserOperation> {
  const account: SmartAccount & Partial<FabstirAccountExtension> = client.account
  // Others would take the time of day as key: a new lane, with its first-use gas, for every operation (decision 93).
  const key = account.nonceKey?.(lane) ?? 0n
  const nonce = await account.getNonce({ key })
  const authorization = await signDelegation(account, client.contracts.chainId)
  const prepared = await prepareUserOperation(client, {
    account,
    calls: [...calls],
    nonce,
    // Signed before it is sponsored: the sponsor pays for the code that it names.
    ...(authorization && { authorization }),
  })
  const unsigned = prepared as UserOperation
  const signature = await account.signUserOperation(unsigned)
  // A passkey named more than its stub had room for: its gas was estimated short. Its next stub has the room.
  const isLonger = account.nonceKey !== undefined && size(signature) > size(unsigned.signature)
  if (isLonger && !isSecond) return prepareSigned(client, calls, lane, true)
  return { ...unsigned, signature }
}

/**
 * Others have stub signatures that their validators turn away unread (Nexus), where two recoveries would be needed:
 * estimates are short of it. EntryPoints charge for the gas that validation uses, whatever its limit.
 */
const verificationSpareGas = 20_000n

/** The client, with limits that are higher by so much than the bundler's. */
function withSpareGas(
  client: WriteClient,
  spare: { call: bigint; verification: bigint },
): WriteClient {
  if (spare.call === 0n && spare.verification === 0n) return client
  return {
    ...client,
    async estimateUserOperationGas(parameters) {
      const gas = await client.estimateUserOperationGas(parameters)
      return {
        ...gas,
        callGasLimit: gas.callGasLimit + spare.call,
        verificationGasLimit: gas.verificationGasLimit + spare.verification,
      }
    },
  }
}

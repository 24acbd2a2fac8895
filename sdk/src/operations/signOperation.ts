import { type Hex, size } from 'viem'
import {
  formatUserOperationRequest,
  getUserOperationHash,
  prepareUserOperation,
  type SmartAccount,
  type UserOperation,
} from 'viem/account-abstraction'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import type { FabstirAccountExtension } from '../accounts/fabstir/nonceLanes.ts'
import { KeySignatureError } from '../errors/key.ts'
import type { WriteClient } from '../types/client.ts'
import { currentBlock } from './findOnChain.ts'
import type { SignedOperation } from './sentOperations.ts'
import { signDelegation } from './signDelegation.ts'
import { within } from './within.ts'

type SigningOptions = {
  /** Nonce lane, from 0. Other smart accounts have one, under their nonce key 0. */
  lane: number
  /** Gas that the calls may take beyond an estimate. */
  spareGas: bigint
  /** Of an operation that must not be included beside this one; the next of the lane by default. */
  nonce?: bigint | undefined
}

/**
 * Prepares, sponsors and signs one operation. Its hash is known before it is sent, so that no answer of a bundler
 * is needed to find it again.
 * @throws {KeySignatureError} When the key gives no signature in time. None is sent that comes later.
 */
export async function signOperation(
  client: WriteClient,
  calls: readonly AccountCall[],
  { spareGas, ...options }: SigningOptions,
): Promise<SignedOperation> {
  const spare = {
    call: spareGas,
    verification: 'nonceKey' in client.account ? 0n : verificationSpareGas,
  }
  const [fromBlock, userOperation] = await Promise.all([
    within(client.wait.timeout, currentBlock(client.client)),
    prepareSigned(withSpareGas(client, spare), calls, options),
  ])
  const { account, contracts } = client
  const hash = getUserOperationHash({
    chainId: contracts.chainId,
    entryPointAddress: account.entryPoint.address,
    entryPointVersion: account.entryPoint.version,
    userOperation,
  })
  const request = formatUserOperationRequest(userOperation)
  return { hash, callData: userOperation.callData, request, fromBlock }
}

async function prepareSigned(
  client: WriteClient,
  calls: readonly AccountCall[],
  options: Omit<SigningOptions, 'spareGas'>,
  isSecond = false,
): Promise<UserOperation> {
  const account: SmartAccount & Partial<FabstirAccountExtension> = client.account
  // Bundler and paymaster have half of it for an answer: what takes longer is the node.
  const unsigned = await within(2 * client.wait.timeout, prepare(client, calls, options))
  const signature = await sign(client, unsigned)
  // A passkey named more than its stub had room for: its gas was estimated short. Its next stub has the room.
  const isLonger = account.nonceKey !== undefined && size(signature) > size(unsigned.signature)
  if (isLonger && !isSecond) return prepareSigned(client, calls, options, true)
  return { ...unsigned, signature }
}

async function prepare(
  client: WriteClient,
  calls: readonly AccountCall[],
  { lane, nonce }: Omit<SigningOptions, 'spareGas'>,
): Promise<UserOperation> {
  const account: SmartAccount & Partial<FabstirAccountExtension> = client.account
  // Others would take the time of day as key: a new lane, with its first-use gas, for every operation (decision 93).
  const key = account.nonceKey?.(lane) ?? 0n
  const authorization = await signDelegation(account, client.contracts.chainId)
  const prepared = await prepareUserOperation(client, {
    account,
    calls: [...calls],
    nonce: nonce ?? (await account.getNonce({ key })),
    // Signed before it is sponsored: the sponsor pays for the code that it names.
    ...(authorization && { authorization }),
  })
  return prepared as UserOperation
}

async function sign({ account, wait }: WriteClient, unsigned: UserOperation): Promise<Hex> {
  try {
    return await within(wait.timeout, account.signUserOperation(unsigned))
  } catch (error) {
    if (!(error instanceof Error && error.name === 'TimeoutError')) throw error
    throw new KeySignatureError({ problem: `none within ${wait.timeout} ms`, cause: error })
  }
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

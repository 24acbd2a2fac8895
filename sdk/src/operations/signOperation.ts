import { size } from 'viem'
import {
  type BundlerActions,
  estimateUserOperationGas,
  formatUserOperationRequest,
  getUserOperationHash,
  prepareUserOperation,
  type SmartAccount,
  type UserOperation,
} from 'viem/account-abstraction'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import type { FabstirAccountExtension } from '../accounts/fabstir/nonceLanes.ts'
import type { WriteClient } from '../types/client.ts'
import { currentBlock } from './findOnChain.ts'
import { hashesOf, type SignedOperation } from './sentOperations.ts'
import { signDelegation } from './signDelegation.ts'
import { signedWithin } from './signedWithin.ts'
import { within } from './within.ts'

type SigningOptions = {
  /** Nonce lane, from 0. Other smart accounts have one, under their nonce key 0. */
  lane: number
  /** Gas that the calls may take beyond an estimate. */
  spareGas: bigint
  /** An operation with these calls that must not be included beside this one, which gets its nonce. */
  replaces?: SignedOperation | undefined
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
  const { lane, replaces } = options
  const [fromBlock, userOperation] = await Promise.all([
    replaces?.fromBlock ?? within(client.wait.timeout, currentBlock(client.client)),
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
  const earlier = replaces ? hashesOf(replaces) : []
  return { hash, callData: userOperation.callData, request, fromBlock, lane, earlier }
}

async function prepareSigned(
  client: WriteClient,
  calls: readonly AccountCall[],
  options: Omit<SigningOptions, 'spareGas'>,
  isSecond = false,
): Promise<UserOperation> {
  const account: SmartAccount & Partial<FabstirAccountExtension> = client.account
  const unsigned = await prepare(client, calls, options)
  const signature = await signedWithin(client.wait.timeout, account.signUserOperation(unsigned))
  // A passkey named more than its stub had room for: its gas was estimated short. Its next stub has the room.
  const isLonger = account.nonceKey !== undefined && size(signature) > size(unsigned.signature)
  if (isLonger && !isSecond) return prepareSigned(client, calls, options, true)
  return { ...unsigned, signature }
}

async function prepare(
  client: WriteClient,
  calls: readonly AccountCall[],
  { lane, replaces }: Omit<SigningOptions, 'spareGas'>,
): Promise<UserOperation> {
  const account = withinTime(client)
  // Others would take the time of day as key: a new lane, with its first-use gas, for every operation (decision 93).
  const key = account.nonceKey?.(lane) ?? 0n
  const { contracts, wait } = client
  const authorization = await signDelegation(account, contracts.chainId, wait.timeout)
  const prepared = await prepareUserOperation(client, {
    account,
    calls: [...calls],
    nonce: replaces ? BigInt(replaces.request.nonce) : await account.getNonce({ key }),
    // Signed before it is sponsored: the sponsor pays for the code that it names.
    ...(authorization && { authorization }),
  })
  return prepared as UserOperation
}

/** The account, whose node has as long for an answer as the other services, whose transports see to that. */
function withinTime({
  account,
  wait: { timeout },
}: WriteClient): SmartAccount & Partial<FabstirAccountExtension> {
  return {
    ...account,
    getNonce: (parameters) => within(timeout, account.getNonce(parameters)),
    getFactoryArgs: () => within(timeout, account.getFactoryArgs()),
    getStubSignature: (parameters) => within(timeout, account.getStubSignature(parameters)),
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
): WriteClient & Partial<Pick<BundlerActions, 'estimateUserOperationGas'>> {
  if (spare.call === 0n && spare.verification === 0n) return client
  return {
    ...client,
    async estimateUserOperationGas(parameters) {
      const gas = await estimateUserOperationGas(client, parameters)
      return {
        ...gas,
        callGasLimit: gas.callGasLimit + spare.call,
        verificationGasLimit: gas.verificationGasLimit + spare.verification,
      }
    },
  }
}

import { fabstirAccountFactoryAbi } from '@fabstir/contracts/abi'
import type { AddressBook } from '@fabstir/contracts/addressBook'
import {
  type Chain,
  type Client,
  encodeFunctionData,
  type JsonRpcAccount,
  type LocalAccount,
  type Transport,
  type TypedDataDefinition,
  zeroHash,
} from 'viem'
import {
  getUserOperationTypedData,
  type SmartAccount,
  type SmartAccountImplementation,
  toSmartAccount,
  type UserOperation,
} from 'viem/account-abstraction'
import { readContract } from 'viem/actions'
import { signMessage, signTypedData } from 'viem/experimental/erc7739'
import {
  type FabstirEntryPointVersion,
  resolveContracts,
  resolveDeployment,
} from '../../contracts/addressBooks.ts'
import { NonceLanesError } from '../../errors/configuration.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import { maxNonceLanes, nonceKey } from '../nonceKey.ts'
import { type FabstirOwner, resolveOwner } from '../owner.ts'
import { stubSecp256k1Signature, toSecp256k1Signature } from '../signature.ts'
import { entryPoints } from './entryPoints.ts'
import { decodeExecute, encodeExecute } from './executeData.ts'
import { type FabstirAccountExtension, withNonceLanes } from './nonceLanes.ts'

export type ToFabstirAccountParameters = {
  /** Client of the chain; its `chain` names the address book when `contracts` is left out. */
  client: Client<Transport, Chain | undefined, JsonRpcAccount | LocalAccount | undefined>
  /** The secp256k1 key that controls the account. */
  owner: FabstirOwner
  /** Distinguishes several accounts of one owner. 0 by default. */
  salt?: bigint | undefined
  /** '0.8' by default. An account on 0.9 has another address. */
  entryPoint?: FabstirEntryPointVersion | undefined
  /** How many operations of the owner may be under way side by side. 1 by default. */
  nonceLanes?: number | undefined
  /** Contracts of the chain, when it is not one that this package knows. */
  contracts?: AddressBook | undefined
}

export type FabstirAccountImplementation = SmartAccountImplementation<
  (typeof entryPoints)[FabstirEntryPointVersion]['abi'],
  FabstirEntryPointVersion,
  FabstirAccountExtension & { owner: LocalAccount },
  false
>

/** A Fabstir smart account signed for by its owner. */
export type FabstirAccount = SmartAccount<FabstirAccountImplementation>

/**
 * The smart account of an owner. It need not exist yet: its first operation deploys it.
 * @throws {ContractsNotFoundError} When the chain's contracts are unknown.
 * @throws {NodeUnavailableError | ChainMismatchError} When the node does not answer, or is one of another chain.
 * @throws {NonceLanesError} When `nonceLanes` is not from 1 to 2^24.
 * @example
 * const account = await toFabstirAccount({ client, owner: privateKeyToAccount('0x…') })
 */
export async function toFabstirAccount({
  client,
  owner: owner_,
  salt = 0n,
  entryPoint: version = '0.8',
  nonceLanes = 1,
  contracts: contracts_,
}: ToFabstirAccountParameters): Promise<FabstirAccount> {
  if (!Number.isInteger(nonceLanes) || nonceLanes < 1 || nonceLanes > maxNonceLanes)
    throw new NonceLanesError({ nonceLanes, maximum: maxNonceLanes })
  const contracts = resolveContracts(client.chain?.id, contracts_)
  const deployment = resolveDeployment(contracts, version)
  const entryPoint = entryPoints[version]
  const owner: LocalAccount = await resolveOwner(owner_)
  const factory = { abi: fabstirAccountFactoryAbi, address: deployment.accountFactory }
  const address = await withTypedErrors({ client, contracts }, () =>
    readContract(client, { ...factory, functionName: 'getAddress', args: [owner.address, salt] }),
  )
  const factoryData = encodeFunctionData({
    abi: factory.abi,
    functionName: 'createAccount',
    args: [owner.address, salt],
  })
  const verifierDomain = {
    name: 'FabstirAccount',
    version: '1',
    chainId: contracts.chainId,
    verifyingContract: address,
    salt: zeroHash,
  } as const

  const account = await toSmartAccount<FabstirAccountImplementation>({
    client,
    entryPoint,
    extend: {
      contracts,
      deployment,
      owner,
      factory: factory.address,
      factoryData,
      nonceLanes,
      nonceKey: (lane) => nonceKey({ type: 'owner', lane }),
    },
    getAddress: async () => address,
    getFactoryArgs: async () => ({ factory: factory.address, factoryData }),
    encodeCalls: async (calls) => encodeExecute(calls),
    decodeCalls: async (data) => decodeExecute(data),
    getStubSignature: async () => stubSecp256k1Signature,
    signMessage: async ({ message }) =>
      toSecp256k1Signature(await signMessage(client, { account: owner, message, verifierDomain })),
    signTypedData: async (typedData) =>
      toSecp256k1Signature(
        await signTypedData(client, {
          ...(typedData as TypedDataDefinition),
          account: owner,
          verifierDomain,
        }),
      ),
    signUserOperation: async ({ chainId = contracts.chainId, ...userOperation }) =>
      toSecp256k1Signature(
        await owner.signTypedData(
          getUserOperationTypedData({
            chainId,
            entryPointAddress: entryPoint.address,
            userOperation: { ...(userOperation as UserOperation<'0.8'>), sender: address },
          }),
        ),
      ),
  })
  return withNonceLanes(account)
}

import type { AddressBook } from '@fabstir/contracts/addressBook'
import type { Chain, Client, JsonRpcAccount, LocalAccount, Transport } from 'viem'
import type { SmartAccount, SmartAccountImplementation } from 'viem/account-abstraction'
import {
  type FabstirEntryPointVersion,
  resolveContracts,
  resolveDeployment,
} from '../../contracts/addressBooks.ts'
import { NonceLanesError } from '../../errors/configuration.ts'
import type { KeySigner } from '../keys/keySigner.ts'
import { toKeySigner } from '../keys/toKeySigner.ts'
import { maxNonceLanes, nonceKey } from '../nonceKey.ts'
import { type FabstirOwner, type OwnerKey, resolveOwner } from '../owner.ts'
import { stubSelfSignature } from '../signature.ts'
import { readAccountHome } from './accountHome.ts'
import { assertDelegatable, delegatedHome, isDelegatedTo, toDelegation } from './delegation.ts'
import { deployableSignature } from './deployableSignature.ts'
import { deployedCheck } from './deployed.ts'
import { entryPoints } from './entryPoints.ts'
import { decodeExecute, encodeExecute } from './executeData.ts'
import type { FabstirAccountExtension } from './nonceLanes.ts'
import { operationTypedData } from './operationTypedData.ts'
import { ownerMessages } from './ownerMessages.ts'
import { readNonce } from './readNonce.ts'

export type ToFabstirAccountParameters = {
  /**
   * Client of the chain. Without `contracts` its chain tells them: as `custom.fabstir` (an address book), or as one
   * that this package knows.
   */
  client: Client<Transport, Chain | undefined, JsonRpcAccount | LocalAccount | undefined>
  /** The key that controls the account: secp256k1, passkey, P-256, or a wallet that holds one. */
  owner: FabstirOwner
  /** '0.8' by default. An account on 0.9 has another address. */
  entryPoint?: FabstirEntryPointVersion | undefined
  /** How many operations of the owner may be under way side by side. 1 by default. */
  nonceLanes?: number | undefined
  /** Contracts of the chain, when it is not one that this package knows. */
  contracts?: AddressBook | undefined
} & (
  | {
      /** The owner's own address is the account: its first operation delegates it to the account's code (EIP-7702). */
      eip7702: true
      salt?: undefined
    }
  | {
      eip7702?: false | undefined
      /** Distinguishes several accounts of one owner. 0 by default. */
      salt?: bigint | undefined
    }
)

export type FabstirAccountImplementation = SmartAccountImplementation<
  (typeof entryPoints)[FabstirEntryPointVersion]['abi'],
  FabstirEntryPointVersion,
  FabstirAccountExtension & { owner: OwnerKey; ownerSigner: KeySigner },
  boolean
>

/** A Fabstir smart account signed for by its owner. */
export type FabstirAccount = SmartAccount<FabstirAccountImplementation>

/**
 * The smart account of an owner. It need not exist yet: its first operation deploys it, or delegates the owner's EOA.
 * Messages and typed data are signed as ERC-7739 for ERC-1271, wrapped in ERC-6492 before the account exists.
 * @throws {ContractsNotFoundError} When the chain's contracts are unknown.
 * @throws {KeyNotSupportedError | PublicKeyError} When the owner is nothing that signs, or no valid P-256 key.
 * @throws {DelegationError} When the owner cannot be an EIP-7702 account.
 * @throws {NodeUnavailableError | ChainMismatchError} When the node does not answer, or is one of another chain.
 * @throws {NonceLanesError} When `nonceLanes` is not from 1 to 2^24.
 * @example
 * const account = await toFabstirAccount({ client, owner: privateKeyToAccount('0x…') })
 * const passkey = await toFabstirAccount({ client, owner: toWebAuthnAccount({ credential }) })
 * const eoa = await toFabstirAccount({ client, owner: privateKeyToAccount('0x…'), eip7702: true })
 */
export async function toFabstirAccount({
  client,
  owner: owner_,
  salt,
  eip7702,
  entryPoint: version = '0.8',
  nonceLanes = 1,
  contracts: contracts_,
}: ToFabstirAccountParameters): Promise<FabstirAccount> {
  if (!Number.isInteger(nonceLanes) || nonceLanes < 1 || nonceLanes > maxNonceLanes)
    throw new NonceLanesError({ nonceLanes, maximum: maxNonceLanes })
  const contracts = resolveContracts(client.chain, contracts_)
  const deployment = resolveDeployment(contracts, version)
  const entryPoint = entryPoints[version]
  const owner = await resolveOwner(owner_)
  const signer = toKeySigner(owner, 'owner')

  const eoa = eip7702 ? assertDelegatable(owner, salt) : undefined
  const home = eoa
    ? delegatedHome(eoa.address)
    : await readAccountHome(client, {
        owner: signer.publicKey,
        salt: salt ?? 0n,
        contracts,
        deployment,
      })
  const { address, factory, factoryData } = home
  const implementation = deployment.accountImplementation
  const isDelegated = () => isDelegatedTo(client, { address, implementation })
  const authorization = eoa && (await toDelegation(eoa, implementation, isDelegated))

  // An EOA may be delegated to other code, and to other code again.
  const isDeployed = eoa ? isDelegated : deployedCheck(client, address)
  const getFactoryArgs = async () => {
    if (await isDeployed()) return { factory: undefined, factoryData: undefined }
    return { factory, factoryData }
  }
  const laneKey = (lane: number) => nonceKey({ type: 'owner', lane })
  const messages = ownerMessages({
    signer,
    address,
    chainId: contracts.chainId,
    eoa: eoa && { owner: eoa, isDelegated },
  })
  return {
    client,
    entryPoint,
    address,
    type: 'smart',
    ...(authorization && { authorization }),
    contracts,
    deployment,
    owner,
    ownerSigner: signer,
    factory,
    factoryData,
    nonceLanes,
    nonceKey: laneKey,
    getAddress: async () => address,
    isDeployed,
    getFactoryArgs,
    // viem's own account would take the time of day as key: a new lane, with its first-use gas, for every operation.
    getNonce: async (parameters) =>
      readNonce(client, entryPoint, { account: address, key: parameters?.key ?? laneKey(0) }),
    encodeCalls: async (calls) => encodeExecute(calls),
    decodeCalls: async (data) => decodeExecute(data),
    getStubSignature: async () => (eoa ? stubSelfSignature : signer.stub('owner')),
    signMessage: async (parameters) =>
      deployableSignature(await getFactoryArgs(), await messages.signMessage(parameters)),
    signTypedData: async (typedData) =>
      deployableSignature(await getFactoryArgs(), await messages.signTypedData(typedData)),
    signUserOperation: async (operation) =>
      signer.sign(
        operationTypedData(operation, { address, chainId: contracts.chainId, entryPoint }),
        'owner',
      ),
  }
}

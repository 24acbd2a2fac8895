import type { AddressBook } from '@fabstir/contracts/addressBook'
import {
  type Address,
  type Chain,
  type Client,
  decodeFunctionData,
  encodeFunctionData,
  type Hex,
  isAddressEqual,
  type JsonRpcAccount,
  type LocalAccount,
  type Transport,
  toFunctionSelector,
} from 'viem'
import type { SmartAccount, SmartAccountImplementation } from 'viem/account-abstraction'
import { toAbi } from '../../contracts/abiText.ts'
import {
  type FabstirEntryPointVersion,
  resolveContracts,
  resolveDeployment,
} from '../../contracts/addressBooks.ts'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { claimJob } from '../../contracts/generated/jobMarketplace.ts'
import {
  SessionGrantInvalidError,
  SessionKeyMismatchError,
  SessionKeySigningError,
} from '../../errors/session.ts'
import { entryPoints } from '../fabstir/entryPoints.ts'
import { type AccountCall, decodeExecute, encodeExecute } from '../fabstir/executeData.ts'
import type { FabstirAccountExtension } from '../fabstir/nonceLanes.ts'
import { operationTypedData } from '../fabstir/operationTypedData.ts'
import { readNonce } from '../fabstir/readNonce.ts'
import type { SigningKey } from '../keys/toKeySigner.ts'
import { toKeySigner } from '../keys/toKeySigner.ts'
import { nonceKey } from '../nonceKey.ts'
import { signaturePrefix } from '../signature.ts'
import { encodeEnableSignature } from './enableSignature.ts'
import { grantedDelegation, isDeployedFor } from './grantedDelegation.ts'
import { parseSessionGrant } from './parseSessionGrant.ts'
import { readKeyState } from './readKeyState.ts'
import type { SessionGrant } from './sessionGrant.ts'

/**
 * A session key that can sign: a viem account with its private key, or anything that signs typed data alike; a passkey
 * (viem's `toWebAuthnAccount`); or a P-256 key.
 */
export type SessionKey = SigningKey

export type ToSessionAccountParameters = {
  /** Client of the chain. */
  client: Client<Transport, Chain | undefined, JsonRpcAccount | LocalAccount | undefined>
  /** What the owner granted: the grant, or its JSON text. */
  grant: SessionGrant | string
  /** The key that was granted it. */
  key: SessionKey
  /** Contracts of the chain, when it is not one that this package knows. */
  contracts?: AddressBook | undefined
}

export type SessionAccountImplementation = SmartAccountImplementation<
  (typeof entryPoints)[FabstirEntryPointVersion]['abi'],
  FabstirEntryPointVersion,
  FabstirAccountExtension & { grant: SessionGrant; key: SessionKey },
  boolean
>

/** The owner's account, signed for by a session key alone. */
export type SessionAccount = SmartAccount<SessionAccountImplementation>

const claimJobSelector = toFunctionSelector('function claimJob(uint256 jobId)')

/**
 * The account of a grant, operated by the session key within its policy. Its first operation installs the grant,
 * and deploys the account if need be. It signs no messages: a key that could would speak for the owner.
 * @throws {SessionGrantInvalidError} When the grant is no grant, of a later version, or of an EntryPoint without accounts.
 * @throws {SessionKeyMismatchError} When the grant was made for another key.
 * @throws {KeyNotSupportedError | PublicKeyError} When the key is nothing that signs, or no valid P-256 key.
 * @throws {ContractsNotFoundError} When the chain's contracts are unknown.
 * @example
 * const account = toSessionAccount({ client, grant: text, key: privateKeyToAccount('0x…') })
 */
export function toSessionAccount({
  client,
  grant: grant_,
  key,
  contracts: contracts_,
}: ToSessionAccountParameters): SessionAccount {
  const grant = parseSessionGrant(grant_)
  const entryPoint = findEntryPoint(grant)
  const signer = toKeySigner(key, 'session key')
  if (!isAddressEqual(grant.policy.key, signer.address))
    throw new SessionKeyMismatchError({ granted: grant.policy.key, key: signer.address })
  const chain = { id: grant.chainId, custom: client.chain?.custom }
  const contracts = resolveContracts(chain, contracts_)
  const deployment = resolveDeployment(contracts, entryPoint.version)
  const address = grant.account
  const isDeployed = isDeployedFor(client, grant, deployment)
  const refuse = async (): Promise<Hex> => {
    throw new SessionKeySigningError({ key: signer.address })
  }

  return {
    client,
    entryPoint,
    address,
    type: 'smart',
    contracts,
    deployment,
    ...grantedDelegation(grant),
    factory: grant.factory,
    factoryData: grant.factoryData,
    grant,
    key,
    nonceLanes: 1,
    nonceKey: (lane) => nonceKey({ type: 'session', lane, keyId: signer.address }),
    getAddress: async () => address,
    isDeployed,
    async getFactoryArgs() {
      if (await isDeployed()) return { factory: undefined, factoryData: undefined }
      return { factory: grant.factory, factoryData: grant.factoryData }
    },
    async getNonce(parameters) {
      const key = parameters?.key ?? this.nonceKey(0)
      return readNonce(client, entryPoint, { account: address, key })
    },
    encodeCalls: async (calls) => encodeSessionCalls(calls, address, contracts.marketplace),
    decodeCalls: async (data) => decodeExecute(data),
    async getStubSignature() {
      const { policy, enable } = grant
      const keySignature = signer.stub('session')
      if (!enable || (await readKeyState(client, grant)).installed) return keySignature
      return encodeEnableSignature({ policy, enable, keySignature })
    },
    sign: refuse,
    signMessage: refuse,
    signTypedData: refuse,
    async signUserOperation(operation) {
      const keySignature = await signer.sign(
        operationTypedData(operation, { address, chainId: grant.chainId, entryPoint }),
        'session',
      )
      // The stub has decided: gas was estimated for the signature it stands for.
      const { policy, enable } = grant
      if (!enable || !operation.signature?.startsWith(signaturePrefix.enable)) return keySignature
      return encodeEnableSignature({ policy, enable, keySignature })
    },
  }
}

function findEntryPoint({ entryPoint }: SessionGrant) {
  const known = Object.values(entryPoints).find(({ address }) =>
    isAddressEqual(address, entryPoint),
  )
  if (!known) throw new SessionGrantInvalidError({ field: 'entryPoint', value: entryPoint })
  return known
}

/** A lone claim goes through the account's own `claimJobViaSessionKey`, all else as a batch. */
export function encodeSessionCalls(
  calls: readonly AccountCall[],
  account: Address,
  marketplace: Address,
): Hex {
  const [call, ...others] = calls
  const isLoneClaim =
    others.length === 0 &&
    call?.data?.startsWith(claimJobSelector) &&
    isAddressEqual(call.to, marketplace) &&
    !call.value
  if (!isLoneClaim || !call?.data) return encodeExecute(calls)
  const { args } = decodeFunctionData({ abi: toAbi(claimJob), data: call.data })
  return encodeFunctionData({
    abi: fabstirAccountAbi,
    functionName: 'claimJobViaSessionKey',
    args: [account, args?.[0] as bigint],
  })
}

import { fabstirAccountAbi, jobMarketplaceAbi } from '@fabstir/contracts/abi'
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
import {
  getUserOperationTypedData,
  type SmartAccount,
  type SmartAccountImplementation,
  type UserOperation,
} from 'viem/account-abstraction'
import { getCode, readContract } from 'viem/actions'
import {
  type FabstirEntryPointVersion,
  resolveContracts,
  resolveDeployment,
} from '../../contracts/addressBooks.ts'
import {
  SessionGrantInvalidError,
  SessionKeyMismatchError,
  SessionKeySigningError,
} from '../../errors/session.ts'
import { entryPoints } from '../fabstir/entryPoints.ts'
import { type AccountCall, decodeExecute, encodeExecute } from '../fabstir/executeData.ts'
import type { FabstirAccountExtension } from '../fabstir/nonceLanes.ts'
import { nonceKey } from '../nonceKey.ts'
import { signaturePrefix, stubSecp256k1Signature, toSecp256k1Signature } from '../signature.ts'
import { encodeEnableSignature } from './enableSignature.ts'
import { readKeyState } from './readKeyState.ts'
import type { SessionGrant } from './sessionGrant.ts'

/** A session key that can sign: a viem account with its private key, or anything that signs typed data alike. */
export type SessionKey = Pick<LocalAccount, 'address' | 'signTypedData'>

export type ToSessionAccountParameters = {
  /** Client of the chain. */
  client: Client<Transport, Chain | undefined, JsonRpcAccount | LocalAccount | undefined>
  /** What the owner granted. */
  grant: SessionGrant
  /** The key that was granted it. */
  key: SessionKey
  /** Contracts of the chain, when it is not one that this package knows. */
  contracts?: AddressBook | undefined
}

export type SessionAccountImplementation = SmartAccountImplementation<
  (typeof entryPoints)[FabstirEntryPointVersion]['abi'],
  FabstirEntryPointVersion,
  FabstirAccountExtension & { grant: SessionGrant; key: SessionKey },
  false
>

/** The owner's account, signed for by a session key alone. */
export type SessionAccount = SmartAccount<SessionAccountImplementation>

const claimJobSelector = toFunctionSelector('function claimJob(uint256 jobId)')

/**
 * The account of a grant, operated by the session key within its policy. Its first operation installs the grant,
 * and deploys the account if need be. It signs no messages: a key that could would speak for the owner.
 * @throws {SessionGrantInvalidError} When the grant is of a later version, or of an EntryPoint without accounts.
 * @throws {SessionKeyMismatchError} When the grant was made for another key.
 * @throws {ContractsNotFoundError} When the chain's contracts are unknown.
 * @example
 * const account = toSessionAccount({ client, grant: JSON.parse(text), key: privateKeyToAccount('0x…') })
 */
export function toSessionAccount({
  client,
  grant,
  key,
  contracts: contracts_,
}: ToSessionAccountParameters): SessionAccount {
  const entryPoint = findEntryPoint(grant)
  if (!isAddressEqual(grant.policy.key, key.address))
    throw new SessionKeyMismatchError({ granted: grant.policy.key, key: key.address })
  const contracts = resolveContracts(grant.chainId, contracts_)
  const address = grant.account
  let deployed = false
  const isDeployed = async () => {
    deployed ||= Boolean(await getCode(client, { address }))
    return deployed
  }
  const refuse = async (): Promise<Hex> => {
    throw new SessionKeySigningError({ key: key.address })
  }

  return {
    client,
    entryPoint,
    address,
    type: 'smart',
    contracts,
    deployment: resolveDeployment(contracts, entryPoint.version),
    factory: grant.factory,
    factoryData: grant.factoryData,
    grant,
    key,
    nonceLanes: 1,
    nonceKey: (lane) => nonceKey({ type: 'session', lane, keyId: key.address }),
    getAddress: async () => address,
    isDeployed,
    async getFactoryArgs() {
      if (await isDeployed()) return { factory: undefined, factoryData: undefined }
      return { factory: grant.factory, factoryData: grant.factoryData }
    },
    async getNonce(parameters) {
      return readContract(client, {
        abi: entryPoint.abi,
        address: entryPoint.address,
        functionName: 'getNonce',
        args: [address, parameters?.key ?? this.nonceKey(0)],
      })
    },
    encodeCalls: async (calls) => encodeSessionCalls(calls, address, contracts.marketplace),
    decodeCalls: async (data) => decodeExecute(data),
    async getStubSignature() {
      const { policy, enable } = grant
      if (!enable || (await readKeyState(client, grant)).installed) return stubSecp256k1Signature
      return encodeEnableSignature({ policy, enable, keySignature: stubSecp256k1Signature })
    },
    sign: refuse,
    signMessage: refuse,
    signTypedData: refuse,
    async signUserOperation({ chainId = grant.chainId, ...userOperation }) {
      const keySignature = toSecp256k1Signature(
        await key.signTypedData(
          getUserOperationTypedData({
            chainId,
            entryPointAddress: entryPoint.address,
            userOperation: { ...(userOperation as UserOperation<'0.8'>), sender: address },
          }),
        ),
      )
      // The stub has decided: gas was estimated for the signature it stands for.
      const { policy, enable } = grant
      if (!enable || !userOperation.signature?.startsWith(signaturePrefix.enable))
        return keySignature
      return encodeEnableSignature({ policy, enable, keySignature })
    },
  }
}

/** A grant is JSON from somewhere else: one of a later form may mean something else by the same fields. */
function findEntryPoint({ version, entryPoint }: SessionGrant) {
  if (version !== 1) throw new SessionGrantInvalidError({ field: 'version', value: version })
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
  const { args } = decodeFunctionData({ abi: jobMarketplaceAbi, data: call.data })
  return encodeFunctionData({
    abi: fabstirAccountAbi,
    functionName: 'claimJobViaSessionKey',
    args: [account, args?.[0] as bigint],
  })
}

import {
  type Address,
  type Hash,
  type Hex,
  isAddressEqual,
  numberToHex,
  UnauthorizedProviderError,
  UserRejectedRequestError,
} from 'viem'
import type { WriteClient } from '../types/client.ts'
import type { ApprovalRequest, Approve } from './approval.ts'
import type { Emitter } from './emitter.ts'
import type { ProviderRecord } from './providerStorage.ts'
import { reason } from './reason.ts'

/** A batch that an app wants shown; without a hash while it is on its way to the bundler. */
export type ShownBatch = { id: string; chainId: number; hash?: Hash | undefined }

/** What the methods of a provider share: one app, and the accounts that it may see. */
export type ProviderSession = {
  origin: string | undefined
  maxCalls: number
  /** By chain id. */
  clients: ReadonlyMap<number, WriteClient>
  /** Of the chain that the app is on. */
  client: WriteClient
  record: ProviderRecord
  /** Ids of batches that are on their way to the bundler. */
  sending: Set<string>
  /** Batches that the bundler had not, or no more, when it was asked last, by hash. */
  dropped: Set<Hex>
  emit: Emitter['emit']
  approve: Approve
  /** What `wallet_showCallsStatus` does. */
  show: ((batch: ShownBatch) => void) | undefined
  save(): Promise<void>
}

/** Answers a method. */
export type Method = (session: ProviderSession, params: readonly unknown[]) => unknown

export const chainIdOf = ({ contracts }: WriteClient) => contracts.chainId
export const chainHex = (client: WriteClient): Hex => numberToHex(chainIdOf(client))

/** The account that the app may see; none before it is connected. */
export function visibleAccounts({ record, client }: ProviderSession): readonly Address[] {
  return record.connected ? [client.account.address] : []
}

/**
 * Refuses (4100) an app that is not connected, or asks for another account than the one of the client.
 * @param address Who is to sign or send; the connected account when it is left out.
 */
export function assertAuthorized(
  { record }: ProviderSession,
  { account }: WriteClient,
  address: Address = account.address,
): void {
  if (!record.connected)
    throw new UnauthorizedProviderError(
      reason('The app is not connected: ask for eth_requestAccounts first.'),
    )
  if (!isAddressEqual(address, account.address))
    throw new UnauthorizedProviderError(
      reason(`The connected account is ${account.address}, not ${address}.`),
    )
}

/** What is asked, without who asks. */
type Asked = ApprovalRequest extends infer request
  ? request extends ApprovalRequest
    ? Omit<request, 'origin' | 'chainId' | 'account'>
    : never
  : never

/** Goes on when the user agrees; refuses (4001) when not. */
export async function assertApproved(
  { approve, origin }: ProviderSession,
  client: WriteClient,
  asked: Asked,
): Promise<void> {
  const request = {
    origin,
    chainId: chainIdOf(client),
    account: client.account.address,
    ...asked,
  } as ApprovalRequest
  const approved = await Promise.resolve()
    .then(() => approve(request))
    .catch(() => false)
  // Nothing but `true` is a yes.
  if (approved !== true)
    throw new UserRejectedRequestError(reason(`The user refused: ${request.type}.`))
}

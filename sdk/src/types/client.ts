import type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
import type { Address, Chain, Client, Hash, Log, Transport } from 'viem'
import type { BundlerClient, SmartAccount } from 'viem/account-abstraction'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import type { SessionGrant } from '../accounts/session/sessionGrant.ts'
import type { LaneQueue } from '../operations/laneQueue.ts'
import type { SentOperations } from '../operations/sentOperations.ts'

/** What reading the marketplace takes: a client of the chain and its contracts. */
export type ReadClient = {
  client: Client
  contracts: AddressBook
}

/** How long operations are waited for. */
export type WaitOptions = {
  /** Milliseconds between two questions to the bundler. */
  pollingInterval: number
  /**
   * Milliseconds after which waiting for an operation ends with {@link UserOperationTimeoutError}. No answer of a
   * service is waited for longer.
   */
  timeout: number
}

/**
 * How calls of an account reach the chain: as User Operations, or by a wallet.
 * @typeParam sent What names them afterwards.
 */
export type CallSender<sent extends object = { userOperationHash: Hash }> = {
  /**
   * Sends calls as one: all of them happen, or none. Resolves when they are accepted, with what names them.
   * @param spareGas Gas that the calls may take beyond an estimate.
   */
  send(calls: readonly AccountCall[], spareGas?: bigint): Promise<Hash>
  /** Whether these very calls were sent before and their answer was lost: then {@link send} finds them again. */
  has(calls: readonly AccountCall[]): Promise<boolean>
  /** Tells that the caller has what names the calls, and looks after them. */
  handOver(id: Hash): Promise<void>
  /** Waits until the calls are on chain and have succeeded. Resolves with their logs and nobody else's. */
  confirm(id: Hash): Promise<{ logs: readonly Log[] } & sent>
}

/**
 * A client of a bundler that knows the marketplace: what the actions of this package take. viem's `bundlerActions` are
 * not in it: `sendUserOperation` would pass by the queue of the nonce lanes.
 */
export type WriteClient = Client<Transport, Chain | undefined, SmartAccount> &
  Pick<BundlerClient, 'paymaster' | 'paymasterContext' | 'userOperation'> &
  ReadClient & {
    deployment: EntryPointDeployment
    lanes: LaneQueue
    sent: SentOperations
    sender: CallSender
    wait: WaitOptions
    /** The grant behind a client that a session key signs for. */
    session?: SessionGrant | undefined
  }

/** A {@link ReadClient} whose account is who a question is about when it names nobody. */
export type AccountReadClient = ReadClient & { account: { address: Address } }

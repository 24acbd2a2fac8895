import type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
import type { Address, Chain, Client, Transport } from 'viem'
import type { BundlerClient, SmartAccount } from 'viem/account-abstraction'
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

/** A bundler client that knows the marketplace: what the actions of this package take. */
export type WriteClient = BundlerClient<Transport, Chain | undefined, SmartAccount, Client> &
  ReadClient & {
    deployment: EntryPointDeployment
    lanes: LaneQueue
    sent: SentOperations
    wait: WaitOptions
    /** The grant behind a client that a session key signs for. */
    session?: SessionGrant | undefined
  }

/** A {@link ReadClient} whose account is who a question is about when it names nobody. */
export type AccountReadClient = ReadClient & { account: { address: Address } }

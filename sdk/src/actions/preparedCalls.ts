import type { Address } from 'viem'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import type { ReadClient, WriteClient } from '../types/client.ts'

/** Calls of an action, and what they take out of the account. */
export type PreparedCalls = {
  calls: readonly AccountCall[]
  /** Tokens that the calls pull or send, in their smallest unit; `address(0)` is ETH. */
  spends?: readonly { token: Address; amount: bigint }[]
  /**
   * Gas that the calls may take beyond an estimate. Nodes estimate at the time of their latest block, and what is
   * recorded once for each time (votes, held or staked) takes a new slot in a later block.
   */
  spareGas?: bigint
}

/** What an action is prepared with: where to read, and for which account. */
export type PrepareClient = ReadClient & Pick<WriteClient, 'account' | 'session'>

import type { Address, Hash } from 'viem'

/** A change of what the marketplace owes an account. */
export type LedgerEntry = {
  account: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token; negative when it is spent or withdrawn. */
  amount: bigint
  /** The event by which it changed. */
  cause: string
  /** The job or session, when it is about one. */
  jobId?: bigint | undefined
  blockNumber: bigint
  transactionHash: Hash
  logIndex: number
  /** Unix seconds. */
  timestamp: number
}

type Place = {
  name: string
  blockNumber: bigint
  transactionHash: Hash
  logIndex: number
  timestamp: number
}

/** An entry of the ledger; none when nothing changes. */
export function entry(
  { name: cause, blockNumber, transactionHash, logIndex, timestamp }: Place,
  change: Pick<LedgerEntry, 'account' | 'token' | 'amount' | 'jobId'>,
): LedgerEntry[] {
  if (change.amount === 0n) return []
  return [{ ...change, cause, blockNumber, transactionHash, logIndex, timestamp }]
}

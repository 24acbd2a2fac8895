import type { Address } from 'viem'
import type { Escrow } from '../actions/marketplace/getEscrow.ts'
import type { Session } from '../actions/marketplace/getSession.ts'
import { namedTokens, tokenAddress, tokenName } from '../contracts/tokens.ts'
import type { AccountReadClient } from '../types/client.ts'
import type { TokenAmount } from '../units/amounts.ts'
import type { RebuiltJob } from './applyJobEvent.ts'
import { sessionAt } from './applySessionEvent.ts'
import { type Market, sumByToken } from './foldMarket.ts'
import type { LedgerEntry } from './ledgerEntry.ts'
import { readAccountMarket } from './readAccountMarket.ts'
import { type AsOf, type HistoryOptions, readHistory } from './readHistory.ts'

export type AccountHistory = AsOf & {
  /** Jobs that it posted or claimed, oldest first; as `getJob` tells them. */
  jobs: readonly RebuiltJob[]
  /** Their escrows, as `getEscrow` tells them. */
  escrows: readonly Escrow[]
  /** Sessions that it opened or hosts, oldest first; as `getSession` tells them. */
  sessions: readonly Session[]
  /** Every change of what the marketplace owes it, in order. */
  entries: readonly LedgerEntry[]
  /** What the marketplace owes it in every token that it ever had to do with, ETH, USDC and FAB first. */
  balances: readonly TokenAmount[]
}

/**
 * Everything that an account did and earned on the marketplace, as renter and as host, rebuilt from events: jobs,
 * sessions and balances are what the views of the contract say.
 * @throws {HistoryUnstableError} When the chain does not hold still.
 * @example
 * const { entries, balances } = await getAccountHistory(client, { account: host })
 * for (const { cause, amount, jobId } of entries) console.log(cause, amount, jobId)
 */
export function getAccountHistory(
  client: AccountReadClient,
  {
    account = client.account.address,
    ...options
  }: HistoryOptions & {
    /** The client's own by default. */
    account?: Address | undefined
  } = {},
): Promise<AccountHistory> {
  return readHistory(client, options, async (reader) => {
    const market = await readAccountMarket(reader, account)
    return { ...toLists(market, reader.timestamp), balances: toBalances(client, market) }
  })
}

/** Jobs and sessions of an account by their ids. */
export function toLists(
  { jobs, sessions, entries }: Market,
  now: number,
): Pick<AccountHistory, 'jobs' | 'escrows' | 'sessions' | 'entries'> {
  const states = [...jobs.values()].toSorted((a, b) => Number(a.job.jobId - b.job.jobId))
  return {
    jobs: states.map(({ job }) => job),
    escrows: states.map(({ escrow }) => escrow),
    sessions: [...sessions.values()]
      .map((state) => sessionAt(state, now))
      .toSorted((a, b) => Number(a.sessionId - b.sessionId)),
    entries,
  }
}

function toBalances({ contracts }: AccountReadClient, { entries }: Market): TokenAmount[] {
  const sums = sumByToken(entries)
  const named = namedTokens.map((token) => tokenAddress(contracts, token))
  return [...new Set([...named, ...sums.keys()])].map((token) => ({
    token: tokenName(contracts, token),
    value: sums.get(token) ?? 0n,
  }))
}

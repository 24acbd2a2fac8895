import type { Address } from 'viem'
import { applyJobEvent, type JobState, jobIdOf } from './applyJobEvent.ts'
import { applySessionEvent, type SessionState } from './applySessionEvent.ts'
import type { BalanceEvent, JobEvent, SessionEvent, TermEvent } from './historyEvents.ts'
import { entry, type LedgerEntry } from './ledgerEntry.ts'
import { applyTerms, firstTerms } from './terms.ts'

/** Jobs, sessions and what is owed, as events tell them. */
export type Market = {
  jobs: ReadonlyMap<bigint, JobState>
  sessions: ReadonlyMap<bigint, SessionState>
  /** Every change of what is owed to somebody, in order. */
  entries: readonly LedgerEntry[]
}

export type MarketEvent = TermEvent | JobEvent | SessionEvent | BalanceEvent

/** Rebuilds the marketplace from its events, in the order of the chain. */
export function foldMarket(events: readonly MarketEvent[]): Market {
  let terms = firstTerms
  const jobs = new Map<bigint, JobState>()
  const sessions = new Map<bigint, SessionState>()
  const entries: LedgerEntry[] = []
  for (const event of events) {
    if (isTermEvent(event)) terms = applyTerms(terms, event)
    else if (isBalanceEvent(event)) entries.push(...balanceEntry(event))
    else if (isSessionEvent(event)) {
      const { jobId } = event.args
      const step = applySessionEvent(sessions.get(jobId), event, terms)
      sessions.set(jobId, step.state)
      entries.push(...step.entries)
    } else {
      const jobId = jobIdOf(event)
      const step = applyJobEvent(jobs.get(jobId), event, terms)
      jobs.set(jobId, step.state)
      entries.push(...step.entries)
    }
  }
  return { jobs, sessions, entries }
}

function balanceEntry(event: BalanceEvent): LedgerEntry[] {
  const { account, token, amount } = event.args
  const change = event.name === 'PrepaidDeposited' ? amount : -amount
  return entry(event, { account, token, amount: change })
}

const isTermEvent = (event: MarketEvent): event is TermEvent =>
  ['FeesSet', 'ReviewWindowSet', 'ClosingWindowSet'].includes(event.name)

const isBalanceEvent = (event: MarketEvent): event is BalanceEvent =>
  ['PrepaidDeposited', 'PrepaidSpent', 'Withdrawn'].includes(event.name)

const isSessionEvent = (event: MarketEvent): event is SessionEvent =>
  event.name.startsWith('Session')

/** What is owed in each token, of what a list of changes leaves. */
export function sumByToken(entries: readonly LedgerEntry[]): Map<Address, bigint> {
  const sums = new Map<Address, bigint>()
  for (const { token, amount } of entries) sums.set(token, (sums.get(token) ?? 0n) + amount)
  return sums
}

import { type Address, zeroAddress, zeroHash } from 'viem'
import type { Session } from '../actions/marketplace/getSession.ts'
import type { SessionSettledEvent } from '../actions/marketplace/sessionSettled.ts'
import { proofModes } from '../actions/marketplace/sessionTerms.ts'
import { HistoryIncompleteError } from '../errors/history.ts'
import type { SessionEvent } from './historyEvents.ts'
import { entry, type LedgerEntry } from './ledgerEntry.ts'
import type { Terms } from './terms.ts'

export type SessionState = {
  session: Session
  /** Work that the host attested and that does not count yet. */
  pending: { tokens: bigint; maturesAt: bigint; bond: bigint } | undefined
  nextCoSigner: { coSigner: Address; effectiveAt: bigint } | undefined
  /** Whether work was handed in, which holds the stake of the host until the session ends. */
  obliged: boolean
  settlement: SessionSettledEvent | undefined
}

export type SessionStep = { state: SessionState; entries: LedgerEntry[] }

/** One event more: what becomes of the session, and what it owes to whom. */
export function applySessionEvent(
  state: SessionState | undefined,
  event: SessionEvent,
  terms: Terms,
): SessionStep {
  // It comes before the event of the opening, for sessions that name a model or a proof mode.
  if (event.name === 'SessionModelSet') {
    const { jobId, model, proofMode } = event.args
    const opened = { ...emptyState(jobId).session, model }
    return {
      state: {
        ...emptyState(jobId),
        session: { ...opened, proofMode: proofModes[proofMode] ?? 'coSigned' },
      },
      entries: [],
    }
  }
  const { jobId } = event.args
  if (event.name === 'SessionJobCreated') return open(state ?? emptyState(jobId), event, terms)
  if (!state) throw new HistoryIncompleteError({ event: event.name, id: jobId })
  const { session, pending } = state
  const { renter, host, token } = session
  const owe = (account: Address, amount: bigint) => entry(event, { account, token, amount, jobId })
  const step = (
    changes: Partial<Session>,
    more: Partial<Omit<SessionState, 'session'>> = {},
    entries: LedgerEntry[] = [],
  ): SessionStep => ({
    state: { ...state, ...more, session: { ...session, ...changes } },
    entries,
  })

  switch (event.name) {
    case 'SessionTermsSet': {
      const { pricePer1000, coSigner } = event.args
      return step({ pricePer1000, coSigner })
    }
    case 'SessionProofRequirementSet':
      return step({ checkpointInterval: event.args.interval })
    case 'SessionCoSignerChanging': {
      const { coSigner, effectiveAt } = event.args
      const signing = coSignerAt(state, event.timestamp)
      return step({ coSigner: signing }, { nextCoSigner: { coSigner, effectiveAt } })
    }
    case 'SessionCheckpointed':
      return step({ provenTokens: event.args.cumulativeTokens }, { obliged: true })
    case 'SessionWorkAttested': {
      const { cumulativeTokens: tokens, maturesAt } = event.args
      return step({}, { pending: { tokens, maturesAt, bond: 0n }, obliged: true })
    }
    case 'SessionWorkChallenged': {
      const { bond, decideBy: maturesAt, cumulativeTokens: tokens } = event.args
      return step({}, { pending: { tokens, maturesAt, bond } })
    }
    case 'SessionWorkDecided':
      return step(
        {},
        { pending: undefined },
        owe(event.args.worked ? host : renter, pending?.bond ?? 0n),
      )
    case 'SessionWorkMatured': {
      const proven = larger(event.args.cumulativeTokens, session.provenTokens)
      // The bond of a challenge that nobody decided goes back.
      return step(
        { provenTokens: proven },
        { pending: undefined },
        owe(renter, pending?.bond ?? 0n),
      )
    }
    case 'SessionWorkDropped':
      return step({}, { pending: undefined }, owe(renter, pending?.bond ?? 0n))
    case 'SessionClosing': {
      const { closesAt } = event.args
      return step({ status: 'closing', closesAt, closingWindow: 0n })
    }
    case 'SessionSettled': {
      const { jobId: sessionId, ...amounts } = event.args
      const settledAt = BigInt(event.timestamp)
      return step(
        { status: 'settled', closesAt: 0n, closingWindow: 0n, settledAt },
        { settlement: { sessionId, ...amounts } },
        [...owe(host, amounts.host), ...owe(renter, amounts.renter)],
      )
    }
  }
}

/**
 * The session as its view tells it at a time: with work that has matured and that nobody has taken in yet, and the
 * co-signer of that time.
 * @param now Unix seconds.
 */
export function sessionAt(state: SessionState, now: number): Session {
  const { session, pending } = state
  const matured = pending && pending.maturesAt <= BigInt(now) ? pending.tokens : 0n
  return {
    ...session,
    coSigner: coSignerAt(state, now),
    provenTokens: larger(matured, session.provenTokens),
  }
}

function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a
  return b
}

function coSignerAt({ session, nextCoSigner }: SessionState, now: number): Address {
  return nextCoSigner && nextCoSigner.effectiveAt <= BigInt(now)
    ? nextCoSigner.coSigner
    : session.coSigner
}

function open(
  { session, ...state }: SessionState,
  event: Extract<SessionEvent, { name: 'SessionJobCreated' }>,
  { closingWindow, ...terms }: Terms,
): SessionStep {
  const { user: renter, host, token, deposit, maxDuration } = event.args
  const opened: Session = {
    ...session,
    ...{ renter, host, token, deposit, maxDuration, closingWindow },
    startedAt: BigInt(event.timestamp),
    protocolBps: BigInt(terms.protocolBps),
    stakersBps: BigInt(terms.stakersBps),
    status: 'active',
  }
  return { state: { ...state, session: opened }, entries: [] }
}

const emptyState = (sessionId: bigint): SessionState => ({
  session: {
    sessionId,
    renter: zeroAddress,
    host: zeroAddress,
    token: zeroAddress,
    coSigner: zeroAddress,
    deposit: 0n,
    pricePer1000: 0n,
    provenTokens: 0n,
    checkpointInterval: 0n,
    startedAt: 0n,
    maxDuration: 0n,
    closesAt: 0n,
    settledAt: 0n,
    protocolBps: 0n,
    stakersBps: 0n,
    closingWindow: 0n,
    model: zeroHash,
    proofMode: 'coSigned',
    status: 'none',
  },
  pending: undefined,
  nextCoSigner: undefined,
  obliged: false,
  settlement: undefined,
})

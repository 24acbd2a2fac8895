import { type Address, zeroAddress } from 'viem'
import { addressOf, bigintOf, type ChainEvent } from './chainEvent.ts'
import {
  addFees,
  addLiability,
  addObligation,
  addWithdrawable,
  emptyMarket,
  type JobEntry,
  type MarketState,
  type SessionEntry,
} from './marketState.ts'

type Handler = (state: MarketState, event: ChainEvent) => void

/**
 * Rebuilds the marketplace from its events, in the order of the chain. What it says of a job, a session or a balance
 * is what the contract's views say (mission row 215). Goes on from `state` when there is one, and changes it.
 */
export function indexMarketplace(
  events: Iterable<ChainEvent>,
  state: MarketState = emptyMarket(),
): MarketState {
  for (const event of events) handlers[event.name]?.(state, event)
  return state
}

/** One line for each event that changes what the marketplace holds or owes. */
const handlers: Readonly<Record<string, Handler>> = {
  JobPosted: (state, event) => {
    const [token, payment] = [addressOf(event, 'token'), bigintOf(event, 'payment')]
    state.jobs.set(bigintOf(event, 'jobId'), {
      renter: addressOf(event, 'renter'),
      token,
      payment,
      status: 'Posted',
      bond: 0n,
      postedAt: event.time,
      failed: false,
    })
    addLiability(state, token, payment)
  },
  JobClaimed: (state, event) => {
    const host = addressOf(event, 'host')
    const job = jobOf(state, event)
    Object.assign(job, { host, status: 'Claimed', claimedAt: event.time })
    addObligation(state, host, 1)
  },
  JobCompleted: (state, event) => {
    const job = jobOf(state, event)
    job.status = 'Submitted'
    state.completionSeconds += event.time - (job.claimedAt ?? event.time)
    state.completions += 1
  },
  PaymentReleased: (state, event) => {
    const job = jobOf(state, event)
    const host = addressOf(event, 'host')
    job.status = 'Released'
    addObligation(state, host, -1)
    pay(state, event, { host, token: job.token, amount: bigintOf(event, 'hostAmount') })
  },
  EscrowDisputed: (state, event) => {
    const job = jobOf(state, event)
    const bond = bigintOf(event, 'bond')
    Object.assign(job, { status: 'Disputed', bond })
    addLiability(state, job.token, bond)
  },
  EscrowResolved: (state, event) => {
    const job = jobOf(state, event)
    const [toHost, toRenter] = [bigintOf(event, 'toHost'), bigintOf(event, 'toRenter')]
    addWithdrawable(state, job.renter, job.token, toRenter)
    if (job.status === 'Disputed') {
      // Not paid out as work, which would have said so before.
      if (job.host) {
        addObligation(state, job.host, -1)
        addWithdrawable(state, job.host, job.token, toHost)
      }
    } else if (job.host) {
      addWithdrawable(state, job.host, job.token, job.bond)
    }
    Object.assign(job, { status: 'Resolved', bond: 0n })
  },
  JobCancelled: (state, event) => refund(state, event, 'Cancelled'),
  JobExpired: (state, event) => {
    const { status, host } = jobOf(state, event)
    if (status === 'Claimed' && host) {
      addObligation(state, host, -1)
      fail(state, event)
    }
    refund(state, event, status === 'Claimed' ? 'Failed' : 'Expired')
  },
  JobFailed: (state, event) => {
    const job = jobOf(state, event)
    fail(state, event)
    watch(state, addressOf(event, 'controller'), event.time)
    // A missed deadline comes with JobExpired, a verdict with EscrowResolved: both say what goes where.
    if (job.status !== 'Submitted' && job.status !== 'Disputed') return
    addObligation(state, addressOf(event, 'host'), -1)
    addWithdrawable(state, job.renter, job.token, job.payment + job.bond)
    Object.assign(job, { status: 'Failed', bond: 0n })
  },
  JobAbandoned: (state, event) => {
    const job = jobOf(state, event)
    addObligation(state, addressOf(event, 'host'), -1)
    job.status = 'Posted'
    delete job.host
  },
  PrepaidDeposited: (state, event) => {
    const [token, amount] = [addressOf(event, 'token'), bigintOf(event, 'amount')]
    addWithdrawable(state, addressOf(event, 'account'), token, amount)
    addLiability(state, token, amount)
  },
  // What it pays for is a liability of its own: a session's deposit or a bond.
  PrepaidSpent: (state, event) => {
    const [token, amount] = [addressOf(event, 'token'), bigintOf(event, 'amount')]
    addWithdrawable(state, addressOf(event, 'account'), token, -amount)
    addLiability(state, token, -amount)
  },
  SessionJobCreated: (state, event) => {
    const [token, deposit] = [addressOf(event, 'token'), bigintOf(event, 'deposit')]
    state.sessions.set(bigintOf(event, 'jobId'), {
      renter: addressOf(event, 'user'),
      host: addressOf(event, 'host'),
      token,
      deposit,
      pricePer1000: 0n,
      proofInterval: 0n,
      provenTokens: 0n,
      status: 'Active',
      obliged: false,
      closesAt: 0n,
      attested: 0n,
      maturesAt: 0,
      bond: 0n,
    })
    addLiability(state, token, deposit)
  },
  SessionTermsSet: (state, event) => {
    const session = sessionOf(state, event)
    session.pricePer1000 = bigintOf(event, 'pricePer1000')
    const coSigner = addressOf(event, 'coSigner')
    if (coSigner !== zeroAddress) session.coSigner = coSigner
  },
  SessionCoSignerChanging: (state, event) => {
    const session = sessionOf(state, event)
    if (session.nextCoSigner && session.nextCoSigner.effectiveAt <= event.time) {
      session.coSigner = session.nextCoSigner.coSigner
    }
    session.nextCoSigner = {
      coSigner: addressOf(event, 'coSigner'),
      effectiveAt: Number(bigintOf(event, 'effectiveAt')),
    }
  },
  SessionProofRequirementSet: (state, event) => {
    sessionOf(state, event).proofInterval = bigintOf(event, 'interval')
  },
  SessionCheckpointed: (state, event) => {
    const session = sessionOf(state, event)
    session.provenTokens = bigintOf(event, 'cumulativeTokens')
    oblige(state, session)
  },
  SessionWorkAttested: (state, event) => {
    const session = sessionOf(state, event)
    session.attested = bigintOf(event, 'cumulativeTokens')
    session.maturesAt = Number(bigintOf(event, 'maturesAt'))
    oblige(state, session)
  },
  SessionWorkChallenged: (state, event) => {
    const session = sessionOf(state, event)
    session.bond = bigintOf(event, 'bond')
    session.maturesAt = Number(bigintOf(event, 'decideBy'))
    addLiability(state, session.token, session.bond)
  },
  SessionWorkDecided: (state, event) => {
    const session = sessionOf(state, event)
    returnBond(state, session, event.args.worked === true ? session.host : session.renter)
  },
  SessionWorkMatured: (state, event) => {
    const session = sessionOf(state, event)
    const tokens = bigintOf(event, 'cumulativeTokens')
    if (tokens > session.provenTokens) session.provenTokens = tokens
    returnBond(state, session, session.renter)
  },
  SessionWorkDropped: (state, event) => {
    const session = sessionOf(state, event)
    returnBond(state, session, session.renter)
  },
  SessionClosing: (state, event) => {
    const session = sessionOf(state, event)
    session.status = 'Closing'
    session.closesAt = bigintOf(event, 'closesAt')
  },
  SessionSettled: (state, event) => {
    const session = sessionOf(state, event)
    const { host, renter, token } = session
    session.status = 'Settled'
    session.closesAt = 0n
    if (session.obliged) addObligation(state, host, -1)
    addWithdrawable(state, renter, token, bigintOf(event, 'renter'))
    pay(state, event, { host, token, amount: bigintOf(event, 'host') })
  },
  Withdrawn: (state, event) => {
    const [account, token] = [addressOf(event, 'account'), addressOf(event, 'token')]
    const amount = bigintOf(event, 'amount')
    addWithdrawable(state, account, token, -amount)
    addLiability(state, token, -amount)
  },
  FeesDistributed: (state, event) => {
    const token = addressOf(event, 'token')
    const [protocol, stakers] = [bigintOf(event, 'protocol'), bigintOf(event, 'stakers')]
    addFees(state, token, { protocol: -protocol, stakers: -stakers })
    addLiability(state, token, -(protocol + stakers))
  },
  FailureRulesSet: (state, event) => {
    state.failureWindow = Number(bigintOf(event, 'window'))
  },
  CircuitBreakerLevelSet: (state, event) => {
    state.breaker = {
      level: Number(bigintOf(event, 'level')),
      until: Number(bigintOf(event, 'until')),
    }
  },
}

function pay(
  state: MarketState,
  event: ChainEvent,
  { host, token, amount }: { host: Address; token: Address; amount: bigint },
): void {
  addWithdrawable(state, host, token, amount)
  addFees(state, token, {
    protocol: bigintOf(event, 'protocol'),
    stakers: bigintOf(event, 'stakers'),
  })
  if (amount === 0n) return
  state.successes += 1
  state.payments.push({ token, amount, time: event.time })
}

/** Counts a job once, whichever of its events comes first. */
function fail(state: MarketState, event: ChainEvent): void {
  const job = jobOf(state, event)
  if (job.failed) return
  job.failed = true
  state.failures += 1
}

/** As the breaker counts: a controller is a new one once in each window. */
function watch(state: MarketState, controller: Address, time: number): void {
  const counted = state.countedAt.get(controller)
  const opens = counted === undefined || time >= counted + state.failureWindow
  if (opens) state.countedAt.set(controller, time)
  state.breakerFailures.push({ time, opens })
}

/** The first work that a host hands in makes a session its obligation. */
function oblige(state: MarketState, session: SessionEntry): void {
  if (session.obliged) return
  session.obliged = true
  addObligation(state, session.host, 1)
}

/** Attested work that is no longer pending; the bond of a challenge goes to `account`. */
function returnBond(state: MarketState, session: SessionEntry, account: Address): void {
  addWithdrawable(state, account, session.token, session.bond)
  Object.assign(session, { attested: 0n, maturesAt: 0, bond: 0n })
}

function refund(state: MarketState, event: ChainEvent, status: JobEntry['status']): void {
  const job = jobOf(state, event)
  job.status = status
  addWithdrawable(state, job.renter, job.token, bigintOf(event, 'refund'))
}

function jobOf(state: MarketState, event: ChainEvent): JobEntry {
  // An escrow is its job: the id is the job's, in 32 bytes.
  const { escrowId } = event.args
  const jobId = typeof escrowId === 'string' ? BigInt(escrowId) : bigintOf(event, 'jobId')
  const job = state.jobs.get(jobId)
  if (!job) throw new MissingEntryError(event.name, jobId)
  return job
}

function sessionOf(state: MarketState, event: ChainEvent): SessionEntry {
  const jobId = bigintOf(event, 'jobId')
  const session = state.sessions.get(jobId)
  if (!session) throw new MissingEntryError(event.name, jobId)
  return session
}

/** An event is about something whose beginning was not indexed: the start block is too late. */
export class MissingEntryError extends Error {
  override name = 'MissingEntryError'
  constructor(event: string, jobId: bigint) {
    super(`${event} of ${jobId}, which no earlier event opened: index from the deployment on`)
  }
}

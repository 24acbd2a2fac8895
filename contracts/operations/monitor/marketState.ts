import type { Address } from 'viem'

export type Fees = { protocol: bigint; stakers: bigint }

/** A single job as its events tell it. */
export type JobEntry = {
  renter: Address
  token: Address
  payment: bigint
  host?: Address
  /** Names of `ISingleJobs.JobStatus`, and what disputes add. */
  status:
    | 'Posted'
    | 'Claimed'
    | 'Submitted'
    | 'Disputed'
    | 'Released'
    | 'Expired'
    | 'Failed'
    | 'Cancelled'
    | 'Resolved'
  /** Unix seconds. */
  postedAt: number
  claimedAt?: number
  /** Of an open dispute. */
  bond: bigint
  /** Whether it is counted among the failures. */
  failed: boolean
}

/** A session as its events tell it. */
export type SessionEntry = {
  renter: Address
  host: Address
  token: Address
  deposit: bigint
  pricePer1000: bigint
  proofInterval: bigint
  coSigner?: Address
  /** Who signs from when on (Unix seconds), once the renter has named another one. */
  nextCoSigner?: { coSigner: Address; effectiveAt: number }
  provenTokens: bigint
  status: 'Active' | 'Closing' | 'Settled'
  /** Whether a checkpoint made it an obligation of its host. */
  obliged: boolean
  closesAt: bigint
  /** Running count that the host attested and that is still pending; 0 without any. */
  attested: bigint
  /** Unix seconds at which it counts unless it is challenged or decided before; 0 without any. */
  maturesAt: number
  /** Of an open challenge of it. */
  bond: bigint
}

/** A payment to a host, for velocity. */
export type Payment = { token: Address; amount: bigint; time: number }

export type MarketState = {
  jobs: Map<bigint, JobEntry>
  sessions: Map<bigint, SessionEntry>
  /** Smallest unit, by account and token. */
  withdrawable: Map<Address, Map<Address, bigint>>
  fees: Map<Address, Fees>
  /** What the marketplace owes, by token. */
  liabilities: Map<Address, bigint>
  /** Open claims, and sessions with work handed in, by host. */
  obligations: Map<Address, number>
  payments: Payment[]
  /** Seconds from claim to submission, summed over `completions`. */
  completionSeconds: number
  completions: number
  failures: number
  successes: number
  /** What the breaker counts: every failure, and when its controller was last counted as a new one. */
  breakerFailures: { time: number; opens: boolean }[]
  countedAt: Map<Address, number>
  /** Seconds over which the breaker counts. */
  failureWindow: number
  /** Level as last set, and until when: it ends by itself. */
  breaker: { level: number; until: number }
}

export const emptyMarket = (): MarketState => ({
  jobs: new Map(),
  sessions: new Map(),
  withdrawable: new Map(),
  fees: new Map(),
  liabilities: new Map(),
  obligations: new Map(),
  payments: [],
  completionSeconds: 0,
  completions: 0,
  failures: 0,
  successes: 0,
  breakerFailures: [],
  countedAt: new Map(),
  failureWindow: 3_600,
  breaker: { level: 0, until: 0 },
})

/** Tokens that are proven at `now`, attested ones that have matured among them. */
export function provenAt({ provenTokens, attested, maturesAt }: SessionEntry, now: number): bigint {
  return maturesAt !== 0 && now >= maturesAt && attested > provenTokens ? attested : provenTokens
}

/** Failures of single jobs, and new failing controllers among them, in the breaker's window before `now`. */
export function failuresInWindow(
  { breakerFailures, failureWindow }: MarketState,
  now: number,
): { failures: number; suspicious: number } {
  const counted = breakerFailures.filter(({ time }) => time > now - failureWindow)
  return { failures: counted.length, suspicious: counted.filter(({ opens }) => opens).length }
}

export function withdrawableOf(state: MarketState, account: Address, token: Address): bigint {
  return state.withdrawable.get(account)?.get(token) ?? 0n
}

export function addWithdrawable(
  state: MarketState,
  account: Address,
  token: Address,
  amount: bigint,
): void {
  const tokens = state.withdrawable.get(account) ?? new Map<Address, bigint>()
  tokens.set(token, (tokens.get(token) ?? 0n) + amount)
  state.withdrawable.set(account, tokens)
}

export function addLiability(state: MarketState, token: Address, amount: bigint): void {
  state.liabilities.set(token, (state.liabilities.get(token) ?? 0n) + amount)
}

export function addFees(state: MarketState, token: Address, { protocol, stakers }: Fees): void {
  const fees = state.fees.get(token) ?? { protocol: 0n, stakers: 0n }
  state.fees.set(token, {
    protocol: fees.protocol + protocol,
    stakers: fees.stakers + stakers,
  })
}

export function addObligation(state: MarketState, host: Address, count: 1 | -1): void {
  state.obligations.set(host, (state.obligations.get(host) ?? 0) + count)
}

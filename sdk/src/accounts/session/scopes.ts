import type { Address, Hex } from 'viem'
import type { Token } from '../../units/amounts.ts'

type Scope = {
  contract: 'marketplace' | 'registry'
  /** Signatures of the functions that the scope allows. */
  functions: readonly string[]
  /** The functions pull tokens, so the key also needs `approve` on the tokens it may spend. */
  pulls?: true
}

const marketplace = <const functions extends readonly string[]>(...functions: functions) =>
  ({ contract: 'marketplace', functions }) as const
const registry = <const functions extends readonly string[]>(...functions: functions) =>
  ({ contract: 'registry', functions }) as const
const pulling = <const scope extends Scope>(scope: scope) => ({ ...scope, pulls: true }) as const

const sessionParams = '(address,address,uint256,uint256,uint256,uint256,address,bytes32,uint8)'
const jobDetails = '(string,string,uint256,uint256,uint256,string)'
const jobRequirements = '(uint256,uint256,uint256,bool)'

/**
 * What an app may be allowed by name: every function that the account lets a session key call, under the name of its
 * action where there is one. None of them pays anybody but the account itself, except `releasePayment` and
 * `completeSessionWithFinal`, which pay the host of the jobs and sessions that they name.
 */
export const scopes = {
  // Single jobs, as a host
  claimJob: marketplace('claimJob(uint256)'),
  completeJob: marketplace('completeJob(uint256,string,bytes)', 'submitResult(uint256,string)'),
  submitResult: marketplace('submitResult(uint256,string)'),
  autoRelease: marketplace('autoRelease(uint256)'),
  // Single jobs, as a renter
  postJob: pulling(
    marketplace(
      `postJob(${jobDetails},${jobRequirements},uint256)`,
      `postJobWithToken(${jobDetails},${jobRequirements},address,uint256)`,
    ),
  ),
  createJob: marketplace('createJob(string,bytes32,uint256,uint256)'),
  cancelJob: marketplace('cancelJob(uint256)'),
  releasePayment: marketplace('releasePayment(uint256)'),
  refundExpiredJob: marketplace('claimExpired(uint256)'),
  // Sessions, as a host
  checkpoint: marketplace(
    'submitCheckpoint(uint256,uint256,bytes32,bytes)',
    'submitProofOfWork(uint256,bytes,uint256)',
  ),
  checkpointMany: marketplace('submitCheckpoint(uint256,uint256,bytes32,bytes)'),
  submitWork: marketplace('submitProofOfWork(uint256,bytes,uint256)'),
  submitWorkMany: marketplace('submitBatchProofs(uint256[],bytes[],uint256[])'),
  settleSession: marketplace(
    'settleSession(uint256)',
    'settleSessionWithVoucher(uint256,uint256,bytes32,bytes)',
  ),
  settleMany: marketplace('settleMany(uint256[])'),
  settleWithProof: marketplace('claimWithProof(uint256,bytes,uint256)'),
  claimAbandonedSession: marketplace('claimAbandonedSession(uint256)'),
  // Sessions, as a renter
  openSession: pulling(marketplace(`createSession(${sessionParams})`)),
  openSessionWithQuote: pulling(
    marketplace(`createSessionWithQuote(${sessionParams},(address,uint256,bytes),bytes)`),
  ),
  openSessionFromDeposit: marketplace(`createSessionFromDeposit(${sessionParams})`),
  createSessionJob: marketplace('createSessionJob(address,uint256,uint256,uint256,uint256)'),
  createSessionJobWithToken: pulling(
    marketplace('createSessionJobWithToken(address,address,uint256,uint256,uint256,uint256)'),
  ),
  depositPrepaid: pulling(marketplace('depositPrepaid(address,uint256)')),
  completeSession: marketplace('completeSessionJob(uint256)'),
  completeSessionWithFinal: marketplace('completeSessionWithFinal(uint256,uint256,bytes)'),
  // Sessions, by anybody
  finalizeSession: marketplace('finalizeSession(uint256)'),
  timeoutSession: marketplace('triggerSessionTimeout(uint256)'),
  /** Everything that ends a job or a session. */
  complete: marketplace(
    'completeJob(uint256,string,bytes)',
    'submitResult(uint256,string)',
    'completeSessionJob(uint256)',
    'finalizeSession(uint256)',
  ),
  // What the marketplace owes the account
  withdraw: marketplace('withdraw(address)'),
  withdrawAll: marketplace('withdrawAll(address[])'),
  /** `withdraw` in the form that names a recipient; the account itself is the only one. */
  withdrawTo: marketplace('withdraw(address,address)'),
  // The account as a host
  requestUnstake: registry('requestUnstake(uint256)'),
  withdrawUnstaked: registry('withdrawUnstaked()'),
  unregisterHost: registry('unregisterNode()'),
  setMetadata: registry('updateMetadata(string)'),
  setAccepting: registry('setAccepting(bool)'),
  setModels: registry('setModels(bytes32[])'),
  setPrice: registry('setPrice(bytes32,address,uint256)'),
  setMaxSessions: registry('setMaxSessions(uint256)'),
} as const satisfies Record<string, Scope>

/** Names of scopes, those included that have to be narrowed. */
export type ScopeName = keyof typeof scopes

/** Pays a host out of what the owner has escrowed, so the account wants the jobs or sessions named. */
export type NarrowedScopeName = 'releasePayment' | 'completeSessionWithFinal'

/** Any other function, by target and selector, with argument words fixed to sets of values. */
export type CustomScope = {
  target: Address
  selector: Hex
  pins?: readonly { index: number; allowed: readonly Hex[] }[] | undefined
}

/** Sending a token to some recipients, up to the limit of the token. */
export type TransferScope = {
  name: 'transfer'
  token: Exclude<Token, 'eth'>
  to: readonly Address[]
}

/** A scope by name, the same narrowed to some hosts, jobs or sessions, transfers, or any other function. */
export type SessionScope =
  | Exclude<ScopeName, NarrowedScopeName>
  | {
      name:
        | 'openSession'
        | 'openSessionWithQuote'
        | 'openSessionFromDeposit'
        | 'createSessionJob'
        | 'createSessionJobWithToken'
      hosts: readonly Address[]
    }
  | {
      name:
        | 'claimJob'
        | 'completeJob'
        | 'submitResult'
        | 'releasePayment'
        | 'autoRelease'
        | 'cancelJob'
        | 'refundExpiredJob'
      jobs: readonly bigint[]
    }
  | {
      name:
        | 'checkpoint'
        | 'checkpointMany'
        | 'submitWork'
        | 'settleSession'
        | 'settleWithProof'
        | 'claimAbandonedSession'
        | 'completeSession'
        | 'completeSessionWithFinal'
        | 'finalizeSession'
        | 'timeoutSession'
      sessions: readonly bigint[]
    }
  | TransferScope
  | CustomScope

import type { Address, Hex } from 'viem'
import type { AbiText } from '../../contracts/abiText.ts'
import * as jobs from '../../contracts/generated/jobMarketplace.ts'
import * as hosts from '../../contracts/generated/nodeRegistry.ts'
import type { Token } from '../../units/amounts.ts'

type Scope = {
  contract: 'marketplace' | 'registry'
  /** The functions that the scope allows, as text. */
  functions: readonly string[]
  /** The functions pull tokens, so the key also needs `approve` on the tokens it may spend. */
  pulls?: true
}

const marketplace = (...functions: AbiText[]): Scope => ({
  contract: 'marketplace',
  functions: functions.flat(),
})
const registry = (...functions: AbiText[]): Scope => ({
  contract: 'registry',
  functions: functions.flat(),
})
const pulling = (...functions: AbiText[]): Scope => ({ ...marketplace(...functions), pulls: true })

/**
 * What an app may be allowed by name: every function that the account lets a session key call, under the name of its
 * action where there is one. None of them pays anybody but the account itself, except `releasePayment` and
 * `completeSessionWithFinal`, which pay the host of the jobs and sessions that they name.
 */
export const scopes = {
  // Single jobs, as a host
  claimJob: marketplace(jobs.claimJob),
  completeJob: marketplace(jobs.completeJob, jobs.submitResult),
  submitResult: marketplace(jobs.submitResult),
  // Its other form, which names an escrow, is nobody's scope.
  autoRelease: marketplace(['autoRelease(uint256)']),
  // Single jobs, as a renter
  postJob: pulling(jobs.postJob, jobs.postJobWithToken),
  createJob: marketplace(jobs.createJob),
  cancelJob: marketplace(jobs.cancelJob),
  releasePayment: marketplace(jobs.releasePayment),
  refundExpiredJob: marketplace(jobs.claimExpired),
  // Sessions, as a host
  checkpoint: marketplace(jobs.submitCheckpoint, jobs.submitProofOfWork),
  checkpointMany: marketplace(jobs.submitCheckpoint),
  submitWork: marketplace(jobs.submitProofOfWork),
  submitWorkMany: marketplace(jobs.submitBatchProofs),
  settleSession: marketplace(jobs.settleSession, jobs.settleSessionWithVoucher),
  settleMany: marketplace(jobs.settleMany),
  settleWithProof: marketplace(jobs.claimWithProof),
  claimAbandonedSession: marketplace(jobs.claimAbandonedSession),
  // Sessions, as a renter
  openSession: pulling(jobs.createSession),
  openSessionWithQuote: pulling(jobs.createSessionWithQuote),
  openSessionFromDeposit: marketplace(jobs.createSessionFromDeposit),
  createSessionJob: marketplace(jobs.createSessionJob),
  createSessionJobWithToken: pulling(jobs.createSessionJobWithToken),
  depositPrepaid: pulling(jobs.depositPrepaid),
  completeSession: marketplace(jobs.completeSessionJob),
  completeSessionWithFinal: marketplace(jobs.completeSessionWithFinal),
  // Sessions, by anybody
  finalizeSession: marketplace(jobs.finalizeSession),
  timeoutSession: marketplace(jobs.triggerSessionTimeout),
  /** Everything that ends a job or a session. */
  complete: marketplace(
    jobs.completeJob,
    jobs.submitResult,
    jobs.completeSessionJob,
    jobs.finalizeSession,
  ),
  // What the marketplace owes the account
  withdraw: marketplace(['withdraw(address)']),
  withdrawAll: marketplace(jobs.withdrawAll),
  /** `withdraw` in the form that names a recipient; the account itself is the only one. */
  withdrawTo: marketplace(['withdraw(address,address)']),
  // The account as a host
  requestUnstake: registry(hosts.requestUnstake),
  withdrawUnstaked: registry(hosts.withdrawUnstaked),
  unregisterHost: registry(hosts.unregisterNode),
  setMetadata: registry(hosts.updateMetadata),
  setAccepting: registry(hosts.setAccepting),
  setModels: registry(hosts.setModels),
  setPrice: registry(hosts.setPrice),
  setMaxSessions: registry(hosts.setMaxSessions),
} satisfies Record<string, Scope>

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

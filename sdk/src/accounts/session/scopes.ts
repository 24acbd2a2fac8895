import { type AbiFunction, type Address, type Hex, toFunctionSelector } from 'viem'
import { type AbiText, toAbi } from '../../contracts/abiText.ts'
import * as jobMarketplace from '../../contracts/generated/jobMarketplace.ts'
import * as nodeRegistry from '../../contracts/generated/nodeRegistry.ts'

/** A function of the marketplace or of the registry that a named scope allows. */
type ScopeFunction = { contract: 'marketplace' | 'registry'; selector: Hex }
type Scope = {
  functions: readonly ScopeFunction[]
  /** The functions pull tokens, so the key also needs `approve` on the tokens it may spend. */
  pulls?: true
}

const marketplace = (...texts: AbiText<AbiFunction>[]) => functionsOf('marketplace', texts)
const registry = (...texts: AbiText<AbiFunction>[]) => functionsOf('registry', texts)

/**
 * What an app may be allowed by name. None of these functions names a recipient: payouts and refunds go to the
 * account itself.
 */
export const scopes = {
  claimJob: { functions: marketplace(jobMarketplace.claimJob) },
  completeJob: { functions: marketplace(jobMarketplace.completeJob, jobMarketplace.submitResult) },
  releasePayment: { functions: marketplace(jobMarketplace.releasePayment) },
  cancelJob: { functions: marketplace(jobMarketplace.cancelJob) },
  checkpoint: {
    functions: marketplace(jobMarketplace.submitCheckpoint, jobMarketplace.submitProofOfWork),
  },
  completeSession: { functions: marketplace(jobMarketplace.completeSessionJob) },
  settleSession: {
    functions: marketplace(jobMarketplace.settleSession, jobMarketplace.settleSessionWithVoucher),
  },
  finalizeSession: { functions: marketplace(jobMarketplace.finalizeSession) },
  /** Everything that ends a job or a session. */
  complete: {
    functions: marketplace(
      jobMarketplace.completeJob,
      jobMarketplace.submitResult,
      jobMarketplace.completeSessionJob,
      jobMarketplace.finalizeSession,
    ),
  },
  openSession: { functions: marketplace(jobMarketplace.createSession), pulls: true },
  postJob: {
    functions: marketplace(jobMarketplace.postJob, jobMarketplace.postJobWithToken),
    pulls: true,
  },
  withdraw: { functions: marketplace(jobMarketplace.withdraw) },
  setAccepting: { functions: registry(nodeRegistry.setAccepting) },
  updateMetadata: { functions: registry(nodeRegistry.updateMetadata) },
} as const satisfies Record<string, Scope>

export type ScopeName = keyof typeof scopes

/** Any other function, by target and selector, with argument words fixed to sets of values. */
export type CustomScope = {
  target: Address
  selector: Hex
  pins?: readonly { index: number; allowed: readonly Hex[] }[] | undefined
}

/** A scope by name, the same narrowed to some hosts, jobs or sessions, or any other function. */
export type SessionScope =
  | ScopeName
  | { name: 'openSession'; hosts: readonly Address[] }
  | { name: 'claimJob' | 'completeJob' | 'releasePayment' | 'cancelJob'; jobs: readonly bigint[] }
  | {
      name: 'checkpoint' | 'completeSession' | 'settleSession' | 'finalizeSession'
      sessions: readonly bigint[]
    }
  | CustomScope

/** Of an overloaded function only the form with the fewest arguments, which pays the caller and nobody else. */
function functionsOf(
  contract: ScopeFunction['contract'],
  texts: readonly AbiText<AbiFunction>[],
): ScopeFunction[] {
  return texts.flatMap((text) => {
    const [shortest] = toAbi(text).toSorted((a, b) => a.inputs.length - b.inputs.length)
    return shortest ? [{ contract, selector: toFunctionSelector(shortest) }] : []
  })
}

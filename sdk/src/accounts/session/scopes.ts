import { jobMarketplaceAbi, nodeRegistryAbi } from '@fabstir/contracts/abi'
import { type AbiFunction, type Address, type Hex, toFunctionSelector } from 'viem'

/** A function of the marketplace or of the registry that a named scope allows. */
type ScopeFunction = { contract: 'marketplace' | 'registry'; selector: Hex }
type Scope = {
  functions: readonly ScopeFunction[]
  /** The functions pull tokens, so the key also needs `approve` on the tokens it may spend. */
  pulls?: true
}

const marketplace = (...names: string[]) => functionsOf('marketplace', jobMarketplaceAbi, names)
const registry = (...names: string[]) => functionsOf('registry', nodeRegistryAbi, names)

/**
 * What an app may be allowed by name. None of these functions names a recipient: payouts and refunds go to the
 * account itself.
 */
export const scopes = {
  claimJob: { functions: marketplace('claimJob') },
  completeJob: { functions: marketplace('completeJob', 'submitResult') },
  releasePayment: { functions: marketplace('releasePayment') },
  cancelJob: { functions: marketplace('cancelJob') },
  checkpoint: { functions: marketplace('submitCheckpoint', 'submitProofOfWork') },
  completeSession: { functions: marketplace('completeSessionJob') },
  settleSession: { functions: marketplace('settleSession', 'settleSessionWithVoucher') },
  finalizeSession: { functions: marketplace('finalizeSession') },
  /** Everything that ends a job or a session. */
  complete: {
    functions: marketplace('completeJob', 'submitResult', 'completeSessionJob', 'finalizeSession'),
  },
  openSession: { functions: marketplace('createSession'), pulls: true },
  postJob: { functions: marketplace('postJob', 'postJobWithToken'), pulls: true },
  withdraw: { functions: marketplace('withdraw') },
  setAccepting: { functions: registry('setAccepting') },
  updateMetadata: { functions: registry('updateMetadata') },
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
  abi: typeof jobMarketplaceAbi | typeof nodeRegistryAbi,
  names: readonly string[],
): ScopeFunction[] {
  return names.flatMap((name) => {
    const [shortest] = abi
      .filter((item): item is Extract<typeof item, AbiFunction> => item.type === 'function')
      .filter((item) => item.name === name)
      .toSorted((a, b) => a.inputs.length - b.inputs.length)
    return shortest ? [{ contract, selector: toFunctionSelector(shortest) }] : []
  })
}

import type { Hex } from 'viem'
import { createTurns } from '../chain/turns.ts'
import type { LookupDependencies } from '../pipeline/lookup.ts'

/** Searches of the chain at one time: each takes several requests, and anybody can ask for any hash. */
const SEARCHES_AT_ONCE = 8
/** Searches that wait; more are told to come back. */
const SEARCHES_WAITING = 1_000

/** How methods look up operations: those that this bundler does not know take turns at the node. */
export function lookupsOf<parts extends LookupDependencies>(parts: parts): parts {
  const turns = createTurns({ atOnce: SEARCHES_AT_ONCE, waiting: SEARCHES_WAITING })
  return {
    ...parts,
    findInclusionOnChain: (hash: Hex) => turns(() => parts.findInclusionOnChain(hash)),
  }
}

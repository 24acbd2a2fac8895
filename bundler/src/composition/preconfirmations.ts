import type { BundlerConfig } from '../config/options.ts'
import type { LookupDependencies } from '../pipeline/lookup.ts'
import type { PreconfirmationDependencies } from '../pipeline/preconfirmations.ts'
import { createPreconfirmations } from '../pipeline/preconfirmations.ts'

/** Milliseconds; Flashblocks come every 200. */
const MAX_AGE_MS = 50

/** Receipts of blocks that are not sealed yet, where the operator says that the chain has them. */
export function preconfirmations(
  config: Pick<BundlerConfig, 'preconfirmations'>,
  deps: Omit<PreconfirmationDependencies, 'maxAgeMs'>,
): Pick<LookupDependencies, 'findPreconfirmation'> {
  if (!config.preconfirmations) return {}
  return { findPreconfirmation: createPreconfirmations({ ...deps, maxAgeMs: MAX_AGE_MS }) }
}

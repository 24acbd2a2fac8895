import type { BundlerConfig } from '../config/options.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { createMempool } from '../mempool/mempool.ts'
import { bundlerReputationParams } from '../reputation/reputation.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import { createReputationTracker } from '../reputation/reputationTracker.ts'
import type { StakePolicy } from '../types/stakePolicy.ts'

/** The pool, who may be in it, and what counts as staked. */
export function createPool(
  config: Pick<BundlerConfig, 'minStake' | 'minUnstakeDelay' | 'maxPoolOps' | 'trustedEntities'>,
  now: () => number,
): { stakePolicy: StakePolicy; mempool: Mempool; reputation: ReputationTracker } {
  const stakePolicy = {
    minStake: config.minStake,
    minUnstakeDelay: BigInt(config.minUnstakeDelay),
  }
  return {
    stakePolicy,
    mempool: createMempool({ maxOperations: config.maxPoolOps, stakePolicy }),
    reputation: createReputationTracker({
      params: bundlerReputationParams,
      trusted: config.trustedEntities ?? [],
      now,
    }),
  }
}

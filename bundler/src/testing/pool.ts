import type { Address } from 'viem'
import type { MempoolLimits } from '../mempool/admission.ts'
import type { Mempool, MempoolEntry } from '../mempool/mempool.ts'
import { createMempool } from '../mempool/mempool.ts'
import { bundlerReputationParams } from '../reputation/reputation.ts'
import { createReputationTracker } from '../reputation/reputationTracker.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { RpcError } from '../types/rpcError.ts'
import type { StakePolicy } from '../types/stakePolicy.ts'

export const testStakePolicy: StakePolicy = { minStake: 1_000n, minUnstakeDelay: 86_400n }

/** An empty pool of at most ten operations. */
export function testMempool(limits: Partial<MempoolLimits> = {}): Mempool {
  return createMempool({ maxOperations: 10, stakePolicy: testStakePolicy, ...limits })
}

/** Nobody has a past. `now` in Unix ms. */
export function testReputation(parts: { now?: () => number; trusted?: Address[] } = {}) {
  return createReputationTracker({
    params: bundlerReputationParams,
    now: parts.now ?? (() => 0),
    trusted: parts.trusted ?? [],
  })
}

/** What may be bundled now, best payer first; of each sender and key one. */
export function readyOperations(pool: Mempool, entryPoint: Address, baseFee = 0n): MempoolEntry[] {
  const ranking = pool.ranking(entryPoint, baseFee)
  const ready: MempoolEntry[] = []
  for (let entry = ranking.next(); entry; entry = ranking.next()) ready.push(entry)
  ranking.close()
  return ready
}

/** A pool of ten whose operations may all be bundled. */
export function poolOf(...operations: PooledOperation[]): Mempool {
  const pool = testMempool()
  for (const operation of operations) pool.restore(operation)
  return pool
}

/** Code and data of the RpcError that `add` is refused with. */
export function refusal(add: () => unknown): unknown {
  try {
    add()
  } catch (error) {
    const { code, data } = error as RpcError
    return { code, ...(data as Record<string, unknown>) }
  }
  return undefined
}

import type { BuiltBundle } from '../bundling/buildBundle.ts'
import type { Block } from '../chain/block.ts'
import { blameForChange } from '../reputation/blame.ts'
import type { ReputationTracker } from '../reputation/reputationTracker.ts'
import { operationEntities } from './operationEntities.ts'

export type JudgeChangesDependencies = {
  reputation: Pick<ReputationTracker, 'apply'>
  /** To be called after a change of reputation. */
  sweep: (head: Block) => Promise<void>
}

/**
 * [EREP-055] [EREP-070] Bans and throttles entities whose validation was another before the bundle. The
 * operations themselves are valid and stay.
 */
export async function judgeChanges(
  { reputation, sweep }: JudgeChangesDependencies,
  { revalidated, reverted }: Pick<BuiltBundle, 'revalidated' | 'reverted'>,
  head: Block,
): Promise<void> {
  let isBlamed = false
  for (const { operation, change } of revalidated) {
    const { op, record, entryPoint } = operation
    const updates = blameForChange(operationEntities(op, record), change, reverted)
    reputation.apply(entryPoint.address, updates)
    isBlamed ||= updates.length > 0
  }
  if (isBlamed) await sweep(head)
}

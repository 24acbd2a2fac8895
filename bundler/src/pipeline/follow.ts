import type { Block } from '../chain/block.ts'
import type { HeadChange, HeadTracker } from '../chain/headTracker.ts'

/** Milliseconds between looks at bundles in flight while no new block comes. */
const RECHECK_MS = 1_000

export type FollowDependencies = {
  tracker: HeadTracker
  settle: (change: HeadChange) => Promise<void>
  /** Settles bundles at a head that is known already. */
  settleAtHead: (head: Block) => Promise<void>
  /** What has to be done beside: bundles in flight, executors. Its failure does not hold up the head. */
  afterwards: (head: Block) => Promise<void>
  hasInFlight: () => boolean
  /** Pool and executors may have changed. */
  onSettled: (head: Block) => void
  /** The node did not answer, or answered nonsense; the next tick tries again. Told once per fault. */
  onError: (error: unknown) => void
  /** Unix milliseconds. */
  now: () => number
}

/**
 * One step of following the chain, to be called for ever, one call at a time, with a new head where the
 * node told one by itself. Never throws.
 */
export function createFollower(deps: FollowDependencies): (announced?: Block) => Promise<void> {
  const { tracker, now } = deps
  let head: Block | undefined
  let checkedAt = 0
  let failure: string | undefined

  async function follow(announced: Block | undefined) {
    const change = await tracker.poll(announced)
    if (change) {
      await deps.settle(change)
      // Only now: had settling failed, the same change would be settled again.
      tracker.advance(change)
      head = change.head
      checkedAt = now()
      deps.onSettled(head)
    } else if (head && deps.hasInFlight() && now() - checkedAt >= RECHECK_MS) {
      checkedAt = now()
      await deps.settleAtHead(head)
      deps.onSettled(head)
    }
    if (head) await deps.afterwards(head)
  }

  return async (announced) => {
    try {
      await follow(announced)
      failure = undefined
    } catch (error) {
      // Once per fault: a node that is down for an hour is one line, not thousands.
      const message = String(error)
      if (message !== failure) deps.onError(error)
      failure = message
    }
  }
}

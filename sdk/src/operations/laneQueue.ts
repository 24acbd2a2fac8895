import type { Hash } from 'viem'
import { NonceLaneBusyError, UserOperationUnansweredError } from '../errors/userOperation.ts'
import type { SignedOperation } from './sentOperations.ts'
import { within } from './within.ts'

export type LaneTask = {
  /**
   * Signs and sends with a nonce of the lane; `undefined` when there was nothing to send. What it throws frees the
   * lane, unless nobody knows whether the operation is under way.
   */
  send(lane: number): Promise<Hash | undefined>
  /**
   * Resolves when an operation has left the mempool; asked only when its lane is needed. What it throws leaves the lane
   * to the operation: another one with its nonce would replace it.
   */
  settled(hash: Hash): Promise<void>
  /** Milliseconds for those who came before to send theirs. */
  timeout: number
  /** What is sent again or replaced. It takes its own lane, where it does not wait for itself. */
  lost?: Pick<SignedOperation, 'hash' | 'lane'> | undefined
}

/** Sends operations so that each nonce lane has at most one under way. */
export type LaneQueue = {
  /**
   * Sends in the first lane that gets free, in the order of the calls.
   * @throws {NonceLaneBusyError} When none does in time.
   */
  run(task: LaneTask): Promise<Hash | undefined>
  /** Tells that an operation is known to have left the mempool. */
  release(hash: Hash): void
}

type Lane = {
  index: number
  /** Ends when what is being sent in it was sent or refused. */
  sending?: Promise<void> | undefined
  inFlight?: { hash: Hash; left?: Promise<void> | undefined } | undefined
}

/**
 * A queue over `count` lanes. Bundlers that keep no future nonces refuse a second operation of a lane, and one
 * that reads the same nonce would replace the first: so a lane is used again only after its last operation.
 */
export function createLaneQueue(count: number): LaneQueue {
  const lanes: Lane[] = []
  /** Ends when those that came before have a lane. */
  let turn = Promise.resolve()

  const add = (): Lane => {
    const lane = { index: lanes.length }
    lanes.push(lane)
    return lane
  }
  const lanesFor = (lost: LaneTask['lost']): readonly Lane[] => {
    while (lost && lanes.length <= lost.lane) add()
    return lost ? lanes.slice(lost.lane, lost.lane + 1) : lanes
  }
  const findFree = (lost: LaneTask['lost']): Lane | undefined =>
    lanesFor(lost).find(
      ({ sending, inFlight }) => !sending && (!inFlight || inFlight.hash === lost?.hash),
    ) ?? (lost || lanes.length >= count ? undefined : add())

  /** Waits for a lane, and takes it until `sending` ends. */
  const claim = async (
    { settled, timeout, lost }: LaneTask,
    sending: Promise<void>,
  ): Promise<Lane> => {
    const before = lost ? undefined : turn
    let done = () => {}
    const own = new Promise<void>((resolve) => {
      done = resolve
    })
    // Who gives up lets nobody past those who came before.
    if (before) turn = before.then(() => own)
    try {
      if (before) await within(timeout, before)
      for (;;) {
        const free = findFree(lost)
        if (free) return Object.assign(free, { sending })
        await Promise.any(
          lanesFor(lost).map((lane) =>
            lane.sending ? within(timeout, lane.sending) : hasLeft(lane, settled),
          ),
        )
      }
    } catch (error) {
      const cause = error instanceof AggregateError ? error.errors[0] : error
      throw new NonceLaneBusyError({ lane: lost?.lane ?? 0, timeout, cause })
    } finally {
      done()
    }
  }

  return {
    async run(task) {
      let done = () => {}
      const lane = await claim(
        task,
        new Promise<void>((resolve) => {
          done = resolve
        }),
      )
      let hash: Hash | undefined
      try {
        hash = await task.send(lane.index)
        return hash
      } catch (error) {
        if (error instanceof UserOperationUnansweredError) hash = error.hash
        throw error
      } finally {
        Object.assign(lane, { sending: undefined, inFlight: hash && { hash } })
        done()
      }
    },
    release(hash) {
      for (const lane of lanes) if (lane.inFlight?.hash === hash) lane.inFlight = undefined
    },
  }
}

/** Resolves when the operation of a lane has left the mempool. It is asked about once for all who wait. */
function hasLeft(lane: Lane, settled: LaneTask['settled']): Promise<void> | undefined {
  const { inFlight } = lane
  if (!inFlight) return undefined
  inFlight.left ??= settled(inFlight.hash).then(
    () => {
      if (lane.inFlight === inFlight) lane.inFlight = undefined
    },
    (error: unknown) => {
      inFlight.left = undefined
      throw error
    },
  )
  return inFlight.left
}

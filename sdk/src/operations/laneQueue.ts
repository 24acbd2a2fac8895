import type { Hash } from 'viem'
import { NonceLaneBusyError, UserOperationUnansweredError } from '../errors/userOperation.ts'
import { within } from './within.ts'

/** Sends operations so that each nonce lane has at most one under way. */
export type LaneQueue = {
  /**
   * Runs `send` in a lane whose last operation has left the mempool.
   * @param send Signs and sends with a nonce of the lane. What it throws frees the lane, unless nobody knows whether
   * the operation is under way.
   * @param settled Resolves when an operation has left the mempool; asked only when the lane is needed. What it throws
   * goes to the caller that wanted the lane, and the operation keeps it: another one with its nonce would replace it.
   * @param timeout Milliseconds for those who came before to send theirs.
   * @throws {NonceLaneBusyError} When they take longer.
   */
  run(
    send: (lane: number) => Promise<Hash>,
    settled: (hash: Hash) => Promise<unknown>,
    timeout: number,
  ): Promise<Hash>
  /** Tells that an operation is known to have left the mempool. */
  release(hash: Hash): void
}

type Lane = {
  /** Ends when the senders that came before have sent. */
  turn: Promise<void>
  waiting: number
  inFlight: Hash | undefined
}

/**
 * A queue over `count` lanes. Bundlers that keep no future nonces refuse a second operation of a lane, and one
 * that reads the same nonce would replace the first: so a lane is used again only after its last operation.
 */
export function createLaneQueue(count: number): LaneQueue {
  const lanes: Lane[] = []

  const pick = () => {
    const idle = lanes.findIndex(({ waiting, inFlight }) => waiting === 0 && !inFlight)
    if (idle >= 0) return idle
    if (lanes.length < count)
      return lanes.push({ turn: Promise.resolve(), waiting: 0, inFlight: undefined }) - 1
    return lanes.reduce(
      (best, { waiting }, lane) => (waiting < (lanes[best]?.waiting ?? 0) ? lane : best),
      0,
    )
  }

  return {
    async run(send, settled, timeout) {
      const index = pick()
      const lane = lanes[index] as Lane
      lane.waiting += 1
      const before = lane.turn
      let done = () => {}
      const own = new Promise<void>((resolve) => {
        done = resolve
      })
      // Who gives up lets nobody past those who came before.
      lane.turn = before.then(() => own)
      try {
        await within(timeout, before).catch((cause: Error) => {
          throw new NonceLaneBusyError({ lane: index, timeout, cause })
        })
        if (lane.inFlight) {
          await settled(lane.inFlight)
          lane.inFlight = undefined
        }
        lane.inFlight = await send(index)
        return lane.inFlight
      } catch (error) {
        if (error instanceof UserOperationUnansweredError) lane.inFlight = error.hash
        throw error
      } finally {
        lane.waiting -= 1
        done()
      }
    },
    release(hash) {
      for (const lane of lanes) if (lane.inFlight === hash) lane.inFlight = undefined
    },
  }
}

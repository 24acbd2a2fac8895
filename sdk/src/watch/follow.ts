import { ChainMismatchError } from '../errors/transport.ts'
import { CursorInvalidError, ReorganisationTooDeepError } from '../errors/watch.ts'
import { nextStep, type Step, type StepOptions } from './nextStep.ts'
import type { ChainLog, Trail } from './trail.ts'

/** Logs of one step, with the trail before and after them. */
export type LogBatch = {
  logs: readonly ChainLog[]
  /** Taken back, newest first, and not delivered. */
  removed: boolean
  before: Trail
  after: Trail
}

/** What happens between two attempts. */
export type Retry = {
  /** Failures in a row, this one included. */
  attempt: number
  /** Milliseconds until the next attempt. */
  retryIn: number
}

export type Waits = {
  /** Resolves when there may be a new block. */
  forHead: () => Promise<void>
  /** Resolves after so many milliseconds, or when following ends. */
  pause: (milliseconds: number) => Promise<void>
}

export type FollowOptions<batch> = StepOptions & {
  /** What a step becomes, or `undefined` when nobody wants it. When that fails, the step has failed. */
  toBatch: (logs: LogBatch) => batch | undefined
  waits: Waits
  signal: AbortSignal
  /** Milliseconds before the first attempt after a failure; it doubles up to `maximum`. */
  backOff: { first: number; maximum: number }
  onFailure: (error: unknown, retry: Retry) => void
}

/**
 * Follows the chain for as long as the signal lets it. A failure is told of and tried again; only what no further
 * attempt can mend is thrown.
 * @param begin Where to begin.
 */
export async function* follow<batch>(
  begin: () => Promise<Trail>,
  { toBatch, waits, signal, backOff, onFailure, ...options }: FollowOptions<batch>,
): AsyncGenerator<batch, void, void> {
  let trail: Trail | undefined
  let failures = 0
  while (!signal.aborted) {
    let step: Step | undefined
    let batch: batch | undefined
    try {
      trail ??= await begin()
      step = await nextStep(trail, options)
      if (step) {
        const { trail: after, ...logs } = step
        batch = toBatch({ ...logs, before: trail, after })
      }
    } catch (error) {
      if (isFinal(error)) throw error
      if (signal.aborted) return
      failures += 1
      const retryIn = delayOf(failures, backOff)
      onFailure(error, { attempt: failures, retryIn })
      await waits.pause(retryIn)
      continue
    }
    if (signal.aborted) return
    failures = 0
    if (!step) await waits.forHead()
    else trail = step.trail
    if (batch !== undefined) yield batch
  }
}

/** Milliseconds to wait after so many failures in a row. */
export function delayOf(
  failures: number,
  { first, maximum }: FollowOptions<never>['backOff'],
): number {
  // 2^10 times the first delay is beyond any maximum that makes sense, and a shift by more would overflow.
  return Math.min(maximum, first * 2 ** Math.min(failures - 1, 10))
}

/** Nothing that asking again could change. */
const isFinal = (error: unknown): boolean =>
  error instanceof ReorganisationTooDeepError ||
  error instanceof CursorInvalidError ||
  error instanceof ChainMismatchError

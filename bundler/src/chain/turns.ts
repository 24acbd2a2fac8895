import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

/** Runs work when it is its turn. */
export type Turns = <result>(work: () => Promise<result>) => Promise<result>

/**
 * Lets `atOnce` pieces of work run and `waiting` more wait, first come, first served. A node works through
 * what it is given, so what waits here is not yet on the clock of a request.
 * @throws RpcError -32000 `busy` when too many wait.
 */
export function createTurns({ atOnce, waiting }: { atOnce: number; waiting: number }): Turns {
  let running = 0
  const queue: (() => void)[] = []

  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw tooManyWait(waiting)
      // Whoever ends hands its place on, so that nobody can slip in between.
      await new Promise<void>((resolve) => queue.push(resolve))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}

/** What somebody is told who would have to wait behind `waiting` others. */
export function tooManyWait(waiting: number): RpcError {
  return new RpcError(
    rpcErrorCode.nodeUnavailable,
    `${waiting} operations wait for their turn already, try again later`,
    { reason: 'busy', waiting },
  )
}

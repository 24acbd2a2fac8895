/**
 * Waits for the disk on behalf of many: one wait serves everything that was written before it began.
 * @param sync Resolves when what was written before the call is on the disk.
 * @param writes How often was written until now. While it stays the same nobody waits twice.
 */
export function sharedSync(parameters: {
  sync: () => Promise<void>
  writes: () => number
}): () => Promise<void> {
  const { sync, writes } = parameters
  let onDisk = writes()
  let running: { covers: number; done: Promise<void> } | undefined
  let next: Promise<void> | undefined
  let broken: { reason: unknown } | undefined

  async function run(covers: number) {
    if (broken) throw broken.reason
    try {
      await sync()
      onDisk = covers
    } catch (reason) {
      // What a system could not write it may drop and call written the next time: nothing is certain any more.
      broken = { reason }
      throw reason
    } finally {
      running = undefined
    }
  }

  function start(): Promise<void> {
    const covers = writes()
    const done = run(covers)
    running = { covers, done }
    return done
  }

  function afterRunning(done: Promise<void>): Promise<void> {
    const begin = () => {
      next = undefined
      return start()
    }
    next ??= done.then(begin, begin)
    return next
  }

  return async () => {
    if (broken) throw broken.reason
    const written = writes()
    if (running) return written === running.covers ? running.done : afterRunning(running.done)
    return written === onDisk ? undefined : start()
  }
}

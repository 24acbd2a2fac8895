export type HeadPoller = {
  /** Polls at once and then in short, growing steps: a block is expected. */
  hurry(): void
  /** Polls no more and waits for the poll under way. */
  stop(): Promise<void>
}

/** Milliseconds between the polls after `hurry`, until the ordinary interval. */
const FIRST_STEP_MS = 3

/** Calls `tick` every `intervalMs`, one call at a time. `tick` must not throw. */
export function createHeadPoller(deps: {
  tick: () => Promise<void>
  intervalMs: number
}): HeadPoller {
  let delay = deps.intervalMs
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let hurried = false
  let stopped = false

  function poll() {
    timer = undefined
    hurried = false
    running = deps.tick().finally(() => {
      running = undefined
      if (stopped) return
      delay = hurried ? FIRST_STEP_MS : Math.min(delay * 2, deps.intervalMs)
      timer = setTimeout(poll, delay)
    })
  }

  poll()
  return {
    hurry() {
      if (stopped) return
      hurried = true
      delay = FIRST_STEP_MS
      if (running) return
      clearTimeout(timer)
      timer = setTimeout(poll, 0)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

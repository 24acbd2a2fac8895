export type Trigger = {
  /** Asks for a run soon. Requests that arrive before it begins, or while one is running, share one run. */
  request(): void
  /** Starts no further run and waits for the one under way. */
  stop(): Promise<void>
}

/**
 * Runs `run` one at a time, `lingerMs` after the first request, so that operations that arrive
 * together go into one bundle.
 */
export function createTrigger(deps: {
  run: () => Promise<void>
  /** Asked with each request. */
  lingerMs: () => number
}): Trigger {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false
  let stopped = false

  function start() {
    timer = undefined
    running = deps.run().finally(() => {
      running = undefined
      if (again) {
        again = false
        request()
      }
    })
  }

  function request() {
    if (stopped) return
    if (running) again = true
    else timer ??= setTimeout(start, deps.lingerMs())
  }

  return {
    request,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

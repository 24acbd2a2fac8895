export type ShutdownDependencies = {
  /** How the service is called towards the person at the terminal. */
  name: string
  /** What becomes of work that was not finished, in words. */
  unfinished: string
  /** Stops accepting and waits for what is under way. */
  close: () => Promise<void>
  /** Milliseconds that `close` may take. */
  timeoutMs: number
  onSignal: (signal: NodeJS.Signals, handler: () => void) => void
  exit: (code: number) => void
  /** A line for the person at the terminal. */
  tell: (line: string) => void
}

/** Exit codes by which shells know the signal. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Ends the process on SIGTERM or SIGINT: with 0 when everything under way was finished, with 1 when that
 * failed or took too long, and at a second signal at once.
 */
export function stopOnSignals(deps: ShutdownDependencies): void {
  const { name, unfinished, close, timeoutMs, exit, tell } = deps
  let stopping = false

  function stop() {
    stopping = true
    const timer = setTimeout(() => {
      tell(`${name}: not finished after ${timeoutMs} ms; ${unfinished}`)
      exit(1)
    }, timeoutMs)
    close().then(
      () => {
        clearTimeout(timer)
        exit(0)
      },
      (error: unknown) => {
        tell(`${name}: ${error instanceof Error ? error.message : String(error)}`)
        exit(1)
      },
    )
  }

  for (const [signal, code] of Object.entries(signals)) {
    deps.onSignal(signal as NodeJS.Signals, () => (stopping ? exit(code) : stop()))
  }
}

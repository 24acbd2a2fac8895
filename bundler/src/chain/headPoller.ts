import type { Block } from './block.ts'

export type HeadPoller = {
  /** Polls at once and then in short, growing steps: a block is expected. */
  hurry(): void
  /** Ticks at once with a head that the node told by itself. */
  announce(head: Block): void
  /** Polls no more and waits for the poll under way. */
  stop(): Promise<void>
}

/** Milliseconds between the polls after `hurry`, until the ordinary interval. */
const FIRST_STEP_MS = 3

/** Calls `tick` every `intervalMs()`, one call at a time. `tick` must not throw. */
export function createHeadPoller(deps: {
  tick: (announced?: Block) => Promise<void>
  /** Asked before each wait: longer while heads are announced. */
  intervalMs: () => number
  /** While heads are announced there is nothing to hurry for. */
  isAnnounced?: () => boolean
}): HeadPoller {
  const { isAnnounced = () => false } = deps
  let delay = deps.intervalMs()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let announced: Block | undefined
  let hurried = false
  let stopped = false

  function poll() {
    const head = announced
    announced = undefined
    timer = undefined
    hurried = false
    running = deps.tick(head).finally(() => {
      running = undefined
      if (stopped) return
      delay = hurried ? FIRST_STEP_MS : Math.min(delay * 2, deps.intervalMs())
      timer = setTimeout(poll, announced ? 0 : delay)
    })
  }

  function now() {
    clearTimeout(timer)
    timer = setTimeout(poll, 0)
  }

  poll()
  return {
    hurry() {
      if (stopped || isAnnounced()) return
      hurried = true
      delay = FIRST_STEP_MS
      if (!running) now()
    },
    announce(head) {
      if (stopped) return
      announced = head
      if (!running) now()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

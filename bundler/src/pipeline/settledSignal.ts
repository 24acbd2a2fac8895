/** Lets requests wait for blocks instead of asking again and again. */
export type SettledSignal = {
  /** A block, or another look at bundles in flight, has been settled. */
  notify(): void
  /**
   * Waits until `holds`, which is asked now and after each settlement.
   * @returns Whether it came about within `timeoutMs`.
   */
  until(holds: () => boolean, timeoutMs: number): Promise<boolean>
}

export function createSettledSignal(): SettledSignal {
  const waiting = new Set<() => void>()
  return {
    notify() {
      for (const look of [...waiting]) look()
    },
    until(holds, timeoutMs) {
      if (holds()) return Promise.resolve(true)
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => end(() => resolve(false)), timeoutMs)
        function end(settle: () => void) {
          clearTimeout(timer)
          waiting.delete(look)
          settle()
        }
        function look() {
          try {
            if (holds()) end(() => resolve(true))
          } catch (error) {
            end(() => reject(error))
          }
        }
        waiting.add(look)
      })
    },
  }
}

/** Pages of a write-ahead log, and how many of them its file has as well. */
export type LogPages = { written: number; copied: number }

export type LogLimits = {
  /** Pages that are not copied yet, with which copying begins. */
  copiedAfter: number
  /** Pages with which whoever waits for the disk waits for a copy as well, so that the log begins anew. */
  most: number
}

/** Pages of 4 KiB: 64 MB, and 512 MB. Most pages are the same ones again and again. */
export const defaultLogLimits: LogLimits = { copiedAfter: 16_000, most: 128_000 }

/** Commits between two looks at the log. */
const lookEvery = 16

export type BoundedLog = {
  noteCommit(): void
  /** Resolves at once while the log is not too long. */
  bounded(): Promise<void>
}

/**
 * Has a log copied as it grows, beside those who write it. SQLite begins a log anew with the first transaction that
 * finds all of it copied, which under load may never happen by itself: so now and then the writers wait.
 */
export function boundLog(parameters: {
  read: () => LogPages
  /** Copies all that is written at the call, or nothing. */
  copy: () => Promise<void>
  limits: LogLimits
}): BoundedLog {
  const { read, copy, limits } = parameters
  let commits = 0
  let isLong = false
  return {
    noteCommit() {
      commits++
      if (commits % lookEvery !== 0) return
      const { written, copied } = read()
      isLong = written >= limits.most
      if (written - copied >= limits.copiedAfter) void copy()
    },
    async bounded() {
      if (!isLong) return
      await copy()
      isLong = false
    },
  }
}

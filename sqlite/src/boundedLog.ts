/** Pages of a write-ahead log, and how many of them its file has as well. */
export type LogPages = { written: number; copied: number }

export type LogLimits = {
  /** Pages that are not copied yet, with which copying begins. */
  copiedAfter: number
  /** Pages with which, right after a copy, whoever waits for the disk waits for the rest, so that the log begins anew. */
  anewAfter: number
  /** Pages with which they wait for a whole copy. */
  most: number
}

/** Pages of 4 KiB: 64, 384 and 512 MB. Most pages are the same ones again and again. */
export const defaultLogLimits: LogLimits = { copiedAfter: 16_000, anewAfter: 96_000, most: 128_000 }

/** Commits between two looks at the log. */
const lookEvery = 16

export type BoundedLog = {
  noteCommit(): void
  /** Resolves at once while the log is not too long. */
  bounded(): Promise<void>
}

/**
 * Has a log copied as it grows, beside those who write it. SQLite begins a log anew with the first transaction that
 * finds all of it copied, which under load may never happen by itself: so now and then the writers wait, right after a
 * copy, when least is left to copy.
 */
export function boundLog(parameters: {
  read: () => LogPages
  /** Copies all that is written at the call, or nothing. */
  copy: () => Promise<void>
  limits: LogLimits
}): BoundedLog {
  const { read, copy, limits } = parameters
  let commits = 0
  let copying = false
  let wasCopied = false
  let isLong = false

  async function copyBeside() {
    if (copying) return
    copying = true
    await copy()
    copying = false
    // The log is read with the next commit: at this moment a transaction may be open.
    wasCopied = true
  }

  return {
    noteCommit() {
      commits++
      if (commits % lookEvery !== 0 && !wasCopied) return
      const { written, copied } = read()
      // It stays until somebody has waited: the next look may come before that.
      isLong ||= written >= limits.most || (wasCopied && written >= limits.anewAfter)
      wasCopied = false
      if (!isLong && written - copied >= limits.copiedAfter) void copyBeside()
    },
    async bounded() {
      if (!isLong) return
      await copy()
      isLong = false
    },
  }
}

import { HistoryUnstableError } from '../errors/history.ts'

/** How often a history is read from its beginning on. */
export const attempts = 5

/** One attempt has met blocks that are none of the state that it reads. */
export const unstable = (cause?: Error): HistoryUnstableError =>
  new HistoryUnstableError({ attempts, cause })

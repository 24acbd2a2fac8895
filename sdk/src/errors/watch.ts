import { FabstirError } from './base.ts'

/** A cursor is none of this package, of another chain, or was made for other events. Nothing was followed. */
export class CursorInvalidError extends FabstirError {
  override name = 'CursorInvalidError'

  constructor({ problem }: { problem: string }) {
    super(`The cursor cannot be used: ${problem}.`)
  }
}

/**
 * The chain was reorganised deeper than is remembered: which delivered events are gone cannot be told any more.
 * Whoever keeps state made of events builds it anew.
 */
export class ReorganisationTooDeepError extends FabstirError {
  override name = 'ReorganisationTooDeepError'
  /** Newest block that both chains may share is below this one. */
  declare blockNumber: bigint

  constructor({ blockNumber, depth }: { blockNumber: bigint; depth: bigint }) {
    super(
      `Block ${blockNumber} was replaced, deeper than the ${depth} blocks that are remembered.`,
      {
        blockNumber,
        metaMessages: ['Follow from the beginning again, or with a larger `reorgDepth`.'],
      },
    )
  }
}

/** A setting of a watcher lies outside its bounds. */
export class WatchOptionError extends FabstirError {
  override name = 'WatchOptionError'
  declare option: string

  constructor({ option, problem }: { option: string; problem: string }) {
    super(`\`${option}\` ${problem}.`, { option })
  }
}

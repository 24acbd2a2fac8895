import { FabstirError } from './base.ts'

/** An event is about something whose beginning was not read. */
export class HistoryIncompleteError extends FabstirError {
  override name = 'HistoryIncompleteError'
  /** Name of the event. */
  event: string
  id: bigint | string

  constructor({ event, id }: { event: string; id: bigint | string }) {
    super(`${event} of ${id} has no beginning among the events that were read.`, {
      metaMessages: ['Pass the block of the deployment, or an earlier one, as `fromBlock`.'],
    })
    this.event = event
    this.id = id
  }
}

/** Nothing of this id is in the events. */
export class HistoryNotFoundError extends FabstirError {
  override name = 'HistoryNotFoundError'
  kind: 'job' | 'session' | 'host'
  id: bigint | string

  constructor({ kind, id }: { kind: 'job' | 'session' | 'host'; id: bigint | string }) {
    super(`There is no ${kind} ${id} in the events that were read.`)
    this.kind = kind
    this.id = id
  }
}

/** The chain was reorganised, or the node lagged behind itself, in every attempt to read a piece of it as a whole. */
export class HistoryUnstableError extends FabstirError {
  override name = 'HistoryUnstableError'
  attempts: number

  constructor({ attempts, cause }: { attempts: number; cause?: Error | undefined }) {
    super(
      `The chain changed, or the node lagged behind, in each of ${attempts} attempts to read its history.`,
      { cause, metaMessages: ['Pass an older block as `toBlock`.'] },
    )
    this.attempts = attempts
  }
}

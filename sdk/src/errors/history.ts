import { FabstirError } from './base.ts'

/** An event is about something whose beginning was not read. */
export class HistoryIncompleteError extends FabstirError {
  override name = 'HistoryIncompleteError'

  constructor({ event, id }: { event: string; id: bigint | string }) {
    super(`${event} of ${id} has no beginning among the events that were read.`, {
      metaMessages: ['Pass the block of the deployment, or an earlier one, as `fromBlock`.'],
    })
  }
}

/** Nothing of this id is in the events. */
export class HistoryNotFoundError extends FabstirError {
  override name = 'HistoryNotFoundError'

  constructor({ kind, id }: { kind: 'job' | 'session' | 'host'; id: bigint | string }) {
    super(`There is no ${kind} ${id} in the events that were read.`)
  }
}

/** The chain was reorganised under every attempt to read a piece of it as a whole. */
export class HistoryUnstableError extends FabstirError {
  override name = 'HistoryUnstableError'

  constructor({ attempts }: { attempts: number }) {
    super(`The chain changed during each of ${attempts} attempts to read its history.`, {
      metaMessages: ['Pass an older block as `toBlock`.'],
    })
  }
}

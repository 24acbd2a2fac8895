import { FabstirError, type ValuesOf } from './base.ts'

/** An event is about something whose beginning was not read. */
export class HistoryIncompleteError extends FabstirError {
  override name = 'HistoryIncompleteError'
  /** Name of the event. */
  declare event: string
  declare id: bigint | string

  constructor(values: ValuesOf<HistoryIncompleteError>) {
    super(`${values.event} of ${values.id} has no beginning among the events that were read.`, {
      ...values,
      metaMessages: ['Pass the block of the deployment, or an earlier one, as `fromBlock`.'],
    })
  }
}

/** Nothing of this id is in the events. */
export class HistoryNotFoundError extends FabstirError {
  override name = 'HistoryNotFoundError'
  declare kind: 'job' | 'session' | 'host'
  declare id: bigint | string

  constructor(values: ValuesOf<HistoryNotFoundError>) {
    super(`There is no ${values.kind} ${values.id} in the events that were read.`, values)
  }
}

/** The chain was reorganised, or the node lagged behind itself, in every attempt to read a piece of it as a whole. */
export class HistoryUnstableError extends FabstirError {
  override name = 'HistoryUnstableError'
  declare attempts: number

  constructor(values: ValuesOf<HistoryUnstableError>) {
    super(
      `The chain changed, or the node lagged behind, in each of ${values.attempts} attempts to read its history.`,
      { ...values, metaMessages: ['Pass an older block as `toBlock`.'] },
    )
  }
}

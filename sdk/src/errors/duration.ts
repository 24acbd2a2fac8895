import { FabstirError, type ValuesOf } from './base.ts'

/** A text that is not a duration. */
export class DurationError extends FabstirError {
  override name = 'DurationError'
  declare duration: string | number

  constructor(values: ValuesOf<DurationError>) {
    super(`"${values.duration}" is not a duration.`, {
      ...values,
      metaMessages: ['Expected seconds, or a whole number with s, m, h or d: 90, "10m", "24h".'],
    })
  }
}

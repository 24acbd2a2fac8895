import { FabstirError } from './base.ts'

/** A text that is not a duration. */
export class DurationError extends FabstirError {
  override name = 'DurationError'
  duration: string | number

  constructor({ duration }: { duration: string | number }) {
    super(`"${duration}" is not a duration.`, {
      metaMessages: ['Expected seconds, or a whole number with s, m, h or d: 90, "10m", "24h".'],
    })
    this.duration = duration
  }
}

import { FabstirError } from './base.ts'
import { showTime } from './showTime.ts'

/** The paymaster's policy does not pay for this operation. */
export class SponsorRefusedError extends FabstirError {
  override name = 'SponsorRefusedError'
  /** The rule that refused. */
  declare rule: string
  /** What the rule still leaves, as the service gives it (wei for cost rules); `undefined` where it has none. */
  declare remaining: string | undefined
  /** Unix seconds at which the rule starts anew; `undefined` when it never does. */
  declare resetsAt: number | undefined

  constructor({
    rule,
    remaining,
    resetsAt,
    cause,
  }: {
    rule: string
    remaining?: string | undefined
    resetsAt?: number | undefined
    cause?: Error | undefined
  }) {
    super(`The sponsor refused the operation by its rule "${rule}".`, {
      rule,
      remaining,
      resetsAt,
      cause,
      metaMessages: [
        ...(remaining === undefined ? [] : [`Remaining: ${remaining}`]),
        ...(resetsAt === undefined ? [] : [`Resets at: ${showTime(resetsAt)}`]),
      ],
    })
  }
}

/** The API key of the paymaster service is missing, wrong or revoked. */
export class SponsorUnauthorizedError extends FabstirError {
  override name = 'SponsorUnauthorizedError'

  constructor({ cause }: { cause?: Error | undefined } = {}) {
    super('The sponsor does not know the API key.', {
      cause,
      metaMessages: [
        'Pass it with the transport: http(url, { fetchOptions: { headers: { Authorization: "Bearer …" } } }).',
      ],
    })
  }
}

import { FabstirError } from './base.ts'

/** The paymaster's policy does not pay for this operation. */
export class SponsorRefusedError extends FabstirError {
  override name = 'SponsorRefusedError'
  /** The rule that refused. */
  rule: string
  /** What the rule still leaves, as the service gives it (wei for cost rules); `undefined` where it has none. */
  remaining: string | undefined
  /** Unix seconds at which the rule starts anew; `undefined` when it never does. */
  resetsAt: number | undefined

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
      cause,
      metaMessages: [
        ...(remaining === undefined ? [] : [`Remaining: ${remaining}`]),
        ...(resetsAt === undefined
          ? []
          : [`Resets at: ${new Date(resetsAt * 1000).toISOString()}`]),
      ],
    })
    this.rule = rule
    this.remaining = remaining
    this.resetsAt = resetsAt
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

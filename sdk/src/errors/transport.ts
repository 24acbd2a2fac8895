import { FabstirError, type ValuesOf } from './base.ts'

type Cause = { cause?: Error | undefined }

/** The node of the chain did not answer, to this client or to the bundler. */
export class NodeUnavailableError extends FabstirError {
  override name = 'NodeUnavailableError'

  constructor({ cause }: Cause = {}) {
    super('The node of the chain cannot be reached.', { cause })
  }
}

/** The bundler did not answer. */
export class BundlerUnreachableError extends FabstirError {
  override name = 'BundlerUnreachableError'

  constructor({ cause }: Cause = {}) {
    super('The bundler cannot be reached.', { cause })
  }
}

/** The paymaster service did not answer. */
export class PaymasterUnreachableError extends FabstirError {
  override name = 'PaymasterUnreachableError'

  constructor({ cause }: Cause = {}) {
    super('The paymaster service cannot be reached.', { cause })
  }
}

/** Which service an error is about. */
export type Service = 'bundler' | 'paymaster' | 'node'

/** A service gave an answer that makes no sense. Nothing of it was used. */
export class MalformedAnswerError extends FabstirError {
  override name = 'MalformedAnswerError'
  declare service: Service
  declare method: string
  /** What it answered. */
  declare answer: unknown

  constructor(values: ValuesOf<MalformedAnswerError>) {
    super(`The answer of the ${values.service} to ${values.method} makes no sense.`, {
      ...values,
      details: `${JSON.stringify(values.answer)}`.slice(0, 200),
    })
  }
}

/** A service works for another chain than the contracts are on. */
export class ChainMismatchError extends FabstirError {
  override name = 'ChainMismatchError'
  declare service: Service
  /** Chain id of the contracts. */
  declare expected: number
  /** Chain id of the service; `undefined` when it did not say. */
  declare actual: number | undefined

  constructor({
    service,
    expected,
    actual,
    cause,
  }: { service: Service; expected: number; actual?: number | undefined } & Cause) {
    super(
      actual === undefined
        ? `The ${service} does not serve chain ${expected}.`
        : `The ${service} is on chain ${actual}, but the contracts are on chain ${expected}.`,
      { service, expected, actual, cause },
    )
  }
}

/** A service has had more requests from this client than it takes. */
export class RateLimitedError extends FabstirError {
  override name = 'RateLimitedError'
  declare service: Service
  /** Milliseconds until it takes requests again; `undefined` when it did not say. */
  declare retryAfter: number | undefined

  constructor(values: ValuesOf<RateLimitedError>) {
    const { service, retryAfter } = values
    super(`The ${service} takes no more requests from this client.`, {
      ...values,
      metaMessages: retryAfter === undefined ? [] : [`Retry after: ${retryAfter} ms`],
    })
  }
}

/** A service refused a request, for a reason that has no class of its own. */
export class RequestRefusedError extends FabstirError {
  override name = 'RequestRefusedError'
  declare service: Service
  /** Of JSON-RPC (ERC-7769 for bundlers); `undefined` when HTTP refused. */
  declare code: number | undefined
  /** Status of HTTP; `undefined` when JSON-RPC refused. */
  declare status: number | undefined
  /** The rule that it broke, such as `OP-011` of ERC-7562, or the field that is wrong; `undefined` when not named. */
  declare rule: string | undefined

  constructor({
    service,
    code,
    status,
    rule,
    cause,
  }: {
    service: Service
    code?: number | undefined
    status?: number | undefined
    rule?: string | undefined
  } & Cause) {
    super(`The ${service} refused the request (${status ? `HTTP ${status}` : code}).`, {
      service,
      code,
      status,
      rule,
      cause,
      metaMessages: rule === undefined ? [] : [`Rule: ${rule}`],
    })
  }
}

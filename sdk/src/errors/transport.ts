import { FabstirError } from './base.ts'

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
export type Service = 'bundler' | 'paymaster' | 'node' | 'wallet'

/** A service gave an answer that makes no sense. Nothing of it was used. */
export class MalformedAnswerError extends FabstirError {
  override name = 'MalformedAnswerError'
  service: Service
  method: string

  constructor({ service, method, cause }: { service: Service; method: string } & Cause) {
    super(`The answer of the ${service} to ${method} makes no sense.`, { cause })
    this.service = service
    this.method = method
  }
}

/** A service works for another chain than the contracts are on. */
export class ChainMismatchError extends FabstirError {
  override name = 'ChainMismatchError'
  service: Service
  /** Chain id of the contracts. */
  expected: number
  /** Chain id of the service; `undefined` when it did not say. */
  actual: number | undefined

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
      { cause },
    )
    this.service = service
    this.expected = expected
    this.actual = actual
  }
}

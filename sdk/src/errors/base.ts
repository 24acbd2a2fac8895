import { BaseError } from 'viem'

type Parameters = {
  /** What it is made of: of a service, a contract, or somebody else's code. */
  cause?: Error | undefined
  /** Lines that follow the message. */
  metaMessages?: string[] | undefined
  /** In the words of who refused; those of the cause when it has some. */
  details?: string | undefined
}

/** Every error that this package throws on purpose. `docsPath` leads to its section of `docs/errors.md`. */
export class FabstirError extends BaseError {
  override name = 'FabstirError'

  constructor(shortMessage: string, { cause, metaMessages, details }: Parameters = {}) {
    const own = cause && ((cause instanceof BaseError && cause.details) || cause.message)
    // viem would take the cause's page for that of the error.
    super(shortMessage, { metaMessages, details: own || details || '' })
    if (cause) Object.defineProperty(this, 'cause', { value: cause, configurable: true })
    Object.defineProperty(this, 'docsPath', {
      // The name is that of the subclass, which has it only when this constructor is done.
      get: () => `/docs/errors.md#${this.name.toLowerCase()}`,
      enumerable: true,
    })
  }
}

import { BaseError } from 'viem'

type Parameters = {
  /** What it is made of: of a service, a contract, or somebody else's code. */
  cause?: Error | undefined
  /** Lines that follow the message. */
  metaMessages?: string[] | undefined
  /** In the words of who refused; those of the cause when it has some. */
  details?: string | undefined
}

/** What an error is made with: a value for each field of its own, and the cause. */
export type ValuesOf<error extends FabstirError> = Omit<error, keyof FabstirError> &
  Pick<Parameters, 'cause'>

/** Every error that this package throws on purpose. `docsPath` leads to its section of `docs/errors.md`. */
export class FabstirError extends BaseError {
  override name = 'FabstirError'

  /** @param values Of the fields that a subclass declares; they are set here. */
  constructor(
    shortMessage: string,
    {
      cause,
      metaMessages,
      details,
      ...values
    }: Parameters & Readonly<Record<string, unknown>> = {},
  ) {
    // viem would take the cause's page for that of the error.
    super(shortMessage, { metaMessages, details: (cause && wordsOf(cause)) || details || '' })
    Object.assign(this, values)
    if (cause) Object.defineProperty(this, 'cause', { value: cause, configurable: true })
    Object.defineProperty(this, 'docsPath', {
      // The name is that of the subclass, which has it only when this constructor is done.
      get: () => `/docs/errors.md#${this.name.toLowerCase()}`,
      enumerable: true,
    })
  }
}

/** Not all of a message of viem: it shows URL and body of the request, where an API key may stand. */
const wordsOf = ({ details, shortMessage, message }: Error & Partial<BaseError>) =>
  details || shortMessage || message

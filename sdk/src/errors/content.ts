import { FabstirError, type ValuesOf } from './base.ts'

/** What came is not what the id names. Nothing of it was used. */
export class ContentMismatchError extends FabstirError {
  override name = 'ContentMismatchError'
  declare cid: string

  constructor({ cid, problem }: { cid: string; problem: string }) {
    super(`The content of ${cid} was tampered with or is another one: ${problem}.`, { cid })
  }
}

/** The store has nothing of this id. */
export class ContentNotFoundError extends FabstirError {
  override name = 'ContentNotFoundError'
  declare cid: string

  constructor(values: ValuesOf<ContentNotFoundError>) {
    super(`The store has no content ${values.cid}.`, values)
  }
}

/** Content is larger than the store takes or gives. */
export class ContentTooLargeError extends FabstirError {
  override name = 'ContentTooLargeError'
  /** Bytes; of a stream that was broken off, what had come by then. */
  declare size: number
  /** Bytes. */
  declare maximum: number

  constructor(values: ValuesOf<ContentTooLargeError>) {
    const { size, maximum } = values
    super(`The content has ${size} bytes or more; at most ${maximum} are taken.`, values)
  }
}

/** The text is no id of content, or one of a kind that the store does not know. */
export class ContentIdError extends FabstirError {
  override name = 'ContentIdError'
  declare cid: string

  constructor({ cid, problem }: { cid: string; problem: string }) {
    super(`"${cid.slice(0, 200)}" is no id of content here: ${problem}.`, { cid })
  }
}

/** The server behind the store does not answer, or refuses. */
export class ContentUnavailableError extends FabstirError {
  override name = 'ContentUnavailableError'
  declare url: string
  /** HTTP status; `undefined` without an answer. */
  declare status: number | undefined

  constructor({
    url,
    status,
    cause,
  }: { url: string; status?: number | undefined; cause?: Error | undefined }) {
    super(
      status === undefined
        ? `The content server at ${url} cannot be reached.`
        : `The content server at ${url} answered with HTTP ${status}.`,
      { url, status, cause },
    )
  }
}

/** The store only gives. */
export class ContentReadOnlyError extends FabstirError {
  override name = 'ContentReadOnlyError'

  constructor({ option }: { option: string }) {
    super('The store takes no content.', { metaMessages: [`Pass \`${option}\` to put some.`] })
  }
}

import { ContentTooLargeError } from '../errors/content.ts'

/** Content by what it is: an id is made of the content, so that whoever has the id can tell whether it was changed. */
export type ContentStore = {
  /**
   * Stores content and returns its id. The same content has the same id.
   * @throws {ContentTooLargeError} When it is larger than the store takes.
   */
  put(content: Uint8Array | string, options?: ContentOptions): Promise<string>
  /**
   * The content of an id, which was checked against it.
   * @throws {ContentNotFoundError} When the store has none.
   * @throws {ContentMismatchError} When what came is not what the id names.
   * @throws {ContentTooLargeError} When it is larger than the store gives.
   * @throws {ContentIdError} When the id is none.
   */
  get(cid: string, options?: ContentOptions): Promise<Uint8Array>
}

export type ContentOptions = {
  /** Ends waiting for the server. */
  signal?: AbortSignal | undefined
}

/** Size bound of a store. */
export type SizeBound = {
  /** Bytes of one content; 1 MiB by default, which every part of IPFS carries in one block. */
  maxBytes?: number | undefined
}

export const defaultMaxBytes = 1_048_576

/**
 * Content as bytes, text as UTF-8.
 * @throws {ContentTooLargeError} When there are more than `maximum`.
 */
export function toBytes(content: Uint8Array | string, maximum: number): Uint8Array {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  assertSize(bytes.length, maximum)
  return bytes
}

export function assertSize(size: number, maximum: number): void {
  if (size > maximum) throw new ContentTooLargeError({ size, maximum })
}

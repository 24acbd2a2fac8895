import {
  ContentNotFoundError,
  ContentTooLargeError,
  ContentUnavailableError,
} from '../errors/content.ts'
import { concatBytes } from './concatBytes.ts'

/** How content servers are asked. */
export type HttpOptions = {
  /** Sent with every request, like `{ Authorization: 'Bearer …' }`. */
  headers?: Readonly<Record<string, string>> | undefined
  /** Milliseconds until an answer has to be there as a whole; 30,000 by default. */
  timeout?: number | undefined
  /** `fetch` of the environment by default. */
  fetch?: typeof fetch | undefined
}

export type ContentRequest = {
  url: URL
  init?: RequestInit
  /** For the error when there is none. */
  cid: string
  /** Bytes of the answer. */
  maximum: number
  signal?: AbortSignal | undefined
}

/**
 * Body of an answer, never more of it than `maximum` bytes.
 * @throws {ContentNotFoundError | ContentTooLargeError | ContentUnavailableError}
 */
export async function requestContent(
  { headers = {}, timeout = 30_000, fetch: send = fetch }: HttpOptions,
  { url, init = {}, cid, maximum, signal }: ContentRequest,
): Promise<Uint8Array> {
  const { origin, pathname } = url
  const place = `${origin}${pathname}`
  const time = AbortSignal.timeout(timeout)
  try {
    const response = await send(url, {
      ...init,
      headers: { ...headers, ...(init.headers as Record<string, string> | undefined) },
      signal: signal ? AbortSignal.any([signal, time]) : time,
    })
    if (response.status === 404 || response.status === 410) throw new ContentNotFoundError({ cid })
    if (!response.ok) throw new ContentUnavailableError({ url: place, status: response.status })
    return await readBody(response, maximum)
  } catch (error) {
    if (error instanceof ContentNotFoundError || error instanceof ContentTooLargeError) throw error
    if (error instanceof ContentUnavailableError || signal?.aborted) throw error
    throw new ContentUnavailableError({ url: place, cause: error as Error })
  }
}

/** Breaks off as soon as there is too much, whatever the length was said to be. */
async function readBody(response: Response, maximum: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.length
    if (size > maximum) {
      await reader?.cancel()
      throw new ContentTooLargeError({ size, maximum })
    }
    parts.push(part.value)
  }
  return concatBytes(parts)
}

/** A form with one file, as upload endpoints take it. */
export function fileForm(content: Uint8Array): FormData {
  const form = new FormData()
  form.append('file', new Blob([content.slice()]), 'content')
  return form
}

/** URL of a path below a base, whatever the base ends with. */
export function urlBelow(base: string, path: string): URL {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`
  return url
}

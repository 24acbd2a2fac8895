import {
  ContentNotFoundError,
  ContentTooLargeError,
  ContentUnavailableError,
} from '../errors/content.ts'
import { concatBytes } from './concatBytes.ts'

/** How content servers are asked. */
export type HttpOptions = {
  /** Sent with every request to the origin of the server, like `{ Authorization: 'Bearer …' }`. */
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
  { timeout = 30_000, ...options }: HttpOptions,
  { url, init = {}, cid, maximum, signal }: ContentRequest,
): Promise<Uint8Array> {
  const { origin, pathname } = url
  const place = `${origin}${pathname}`
  const time = AbortSignal.timeout(timeout)
  try {
    const waiting = signal ? AbortSignal.any([signal, time]) : time
    const response = await send(options, url, { ...init, signal: waiting })
    const { ok, status } = response
    if (status === 404 || status === 410) throw new ContentNotFoundError({ cid })
    if (!ok) throw new ContentUnavailableError({ url: place, status: status || undefined })
    return await readBody(response, maximum)
  } catch (error) {
    if (error instanceof ContentNotFoundError || error instanceof ContentTooLargeError) throw error
    if (error instanceof ContentUnavailableError || signal?.aborted) throw error
    throw new ContentUnavailableError({ url: place, cause: error as Error })
  }
}

const maxRedirects = 5

/**
 * The answer of a server, which need not be trusted: it can neither lead content elsewhere, nor the caller's headers,
 * nor a program that reads to hosts which that program alone can reach.
 */
async function send(
  { headers, fetch: ask = fetch }: HttpOptions,
  url: URL,
  init: RequestInit,
): Promise<Response> {
  let place = url
  for (let redirects = 0; ; redirects += 1) {
    const own = place.origin === url.origin ? headers : undefined
    const response = await ask(place, {
      ...init,
      headers: { ...own, ...(init.headers as Record<string, string> | undefined) },
      redirect: 'manual',
    })
    if (init.method !== undefined) return response
    // A browser does not say where to. It goes there by itself, by its own rules for origins, without our headers.
    if (response.type === 'opaqueredirect') return ask(url, { ...init, redirect: 'follow' })
    const next = redirectOf(response, place)
    if (!next || redirects === maxRedirects || !isWithin(next, url)) return response
    await response.body?.cancel()
    place = next
  }
}

function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  const location = headers.get('location')
  return location !== null && status >= 300 && status < 400 ? new URL(location, from) : undefined
}

/** Whether a place is on the host of a server or below it, where gateways have a subdomain for each content. */
const isWithin = ({ protocol, hostname, port }: URL, server: URL): boolean =>
  (protocol === server.protocol || protocol === 'https:') &&
  (hostname === server.hostname || hostname.endsWith(`.${server.hostname}`)) &&
  port === server.port

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

/** URL of a path below a base, whatever the base ends with. What the base has as a query, like a token, stays. */
export function urlBelow(base: string, path: string, query = ''): URL {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`
  url.search = [url.search.slice(1), query].filter(Boolean).join('&')
  return url
}

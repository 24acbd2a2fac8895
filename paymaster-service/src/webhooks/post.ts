import type { LookupAddress, LookupOptions } from 'node:dns'
import { lookup } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { isPublicAddress } from './publicAddress.ts'

export type PostRequest = {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
  /** Ends the attempt. */
  signal: AbortSignal
}

/** Sends a body and answers with what comes back, whose own body is still to be read or destroyed. */
export type Exchange = (request: PostRequest) => Promise<IncomingMessage>

/** Sends a body and answers with the HTTP status. Redirects are an answer like another. */
export type Post = (request: PostRequest) => Promise<number>

type Resolve = typeof lookup

export type ExchangeParameters = {
  /** Whether plain HTTP and addresses of this house are wanted. */
  allowPrivate: boolean
  /** Whether connections are used again. */
  keepAlive?: boolean
  resolve?: Resolve
}

/**
 * Why a URL cannot be a webhook's; `undefined` when it can.
 * @param allowPrivate Whether plain HTTP and addresses of this house are wanted.
 */
export function webhookUrlProblem(text: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(text)) return 'expected a URL'
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    return `expected https, not ${url.protocol.slice(0, -1)}`
  if (url.username !== '' || url.password !== '') return 'expected no user or password in it'
  const host = hostOf(url)
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host))
    return `${host} is not an address of the public internet`
  return undefined
}

/**
 * Posts to the public internet only. The address that was checked is the one that is connected to:
 * a name that answers differently the second time has no second time.
 */
export function createExchange({
  allowPrivate,
  keepAlive = false,
  resolve = lookup,
}: ExchangeParameters): Exchange {
  // A connection of its own each time, where none may wait behind another.
  const agents = !keepAlive
    ? undefined
    : {
        http: new HttpAgent({ keepAlive }),
        https: new HttpsAgent({ keepAlive }),
      }
  return async ({ url: text, headers, body, signal }) => {
    const problem = webhookUrlProblem(text, allowPrivate)
    if (problem !== undefined) throw new WebhookAddressError(problem)
    const url = new URL(text)
    const [send, kind] =
      url.protocol === 'https:'
        ? ([httpsRequest, 'https'] as const)
        : ([httpRequest, 'http'] as const)
    return new Promise((done, fail) => {
      const outgoing = send(
        url,
        {
          method: 'POST',
          headers: { ...headers, 'content-length': `${Buffer.byteLength(body)}` },
          agent: agents?.[kind],
          signal,
          ...(allowPrivate ? {} : { lookup: publicLookup(resolve) }),
        },
        done,
      )
      outgoing.on('error', fail)
      outgoing.end(body)
    })
  }
}

/** As {@link createExchange}, for whom the status is all of the answer. */
export function createPost(parameters: Omit<ExchangeParameters, 'keepAlive'>): Post {
  const exchange = createExchange(parameters)
  return async (request) => {
    const response = await exchange(request)
    // Whatever it says, and however long it would go on.
    response.destroy()
    return response.statusCode ?? 0
  }
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void

/** A `lookup` for sockets that fails for names with any address that is not public. */
function publicLookup(resolve: Resolve) {
  return (host: string, options: LookupOptions, callback: LookupCallback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const inside = addresses.find(({ address }) => !isPublicAddress(address))
      const [first] = addresses
      if (inside || !first)
        return callback(new WebhookAddressError(`${host} has no public address`), [])
      if (options.all) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }
}

function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

/** The webhook leads to where none may. */
export class WebhookAddressError extends Error {
  override name = 'WebhookAddressError'
}

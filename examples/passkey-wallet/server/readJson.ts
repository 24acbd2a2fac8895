import type { IncomingMessage } from 'node:http'
import { RequestError } from './requestError.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Bytes. An operation that deploys an account and installs a key takes some 10,000. */
const largestBody = 128 * 1024

/**
 * The JSON object in a request of this server's own page.
 * @throws {RequestError} When another page asks, or it is no JSON object, or too large.
 */
export async function readJson(request: IncomingMessage, origin: string): Promise<JsonObject> {
  const { headers } = request
  // Any page may send a request to localhost; a browser says of which page it is.
  if (headers.origin !== origin)
    throw new RequestError(
      403,
      `only pages of ${origin} may ask, not ${headers.origin ?? 'others'}`,
    )
  if (headers['content-type']?.split(';')[0] !== 'application/json')
    throw new RequestError(415, 'the body has to be application/json')
  const tooLarge = new RequestError(413, `the body may have ${largestBody} bytes, not more`)
  if (Number(headers['content-length']) > largestBody) throw tooLarge
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestBody) throw tooLarge
    chunks.push(chunk)
  }
  const body = parse(Buffer.concat(chunks).toString())
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RequestError(400, 'the body has to be a JSON object')
  return body as JsonObject
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new RequestError(400, 'the body has to be JSON')
  }
}

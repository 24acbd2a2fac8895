import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { urlToHttpOptions } from 'node:url'

/**
 * Sends JSON.
 * @throws EndpointTimeoutError, and what a connection ends with. Neither names the URL.
 */
export type PostJson = (body: string) => Promise<{ status: number; text: string }>

/**
 * One URL that JSON is sent to, over connections that stay open. `fetch` does it through streams of the web, in twice
 * the time (decision 104). A redirect is an answer like any other.
 * @param url User and password in it become a header.
 * @param timeoutMs Milliseconds from the call to the end of the answer.
 */
export function jsonEndpoint(url: URL, timeoutMs: number): PostJson {
  const isTls = url.protocol === 'https:'
  const open = isTls ? httpsRequest : httpRequest
  const options = {
    ...urlToHttpOptions(url),
    method: 'POST',
    agent: new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true }),
  }

  return async (body) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const request = open({ ...options, headers })
    const timer = setTimeout(() => request.destroy(new EndpointTimeoutError(timeoutMs)), timeoutMs)
    try {
      return await new Promise((resolve, reject) => {
        request.on('response', (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            text += part
          })
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
          response.on('error', reject)
        })
        request.on('error', reject)
        request.end(body)
      })
    } finally {
      clearTimeout(timer)
    }
  }
}

/** An endpoint did not answer in time. */
class EndpointTimeoutError extends Error {
  override name = 'EndpointTimeoutError'

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`)
  }
}

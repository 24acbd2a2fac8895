import type { JsonObject } from './readJson.ts'
import { RequestError } from './requestError.ts'

/** What ERC-7677 names. The service knows more, which is none of the page's business. */
const methods: ReadonlySet<unknown> = new Set(['pm_getPaymasterStubData', 'pm_getPaymasterData'])

/** Milliseconds. */
const timeout = 20_000

/** Passes requests on to the paymaster service, with the API key that the page does not know. */
export function createSponsorProxy({ url, apiKey }: { url: string; apiKey: string }) {
  /**
   * Status and body that the service answers with.
   * @throws {RequestError} When it is another method, or the service does not answer.
   */
  return async ({ id, method, params }: JsonObject): Promise<{ status: number; body: string }> => {
    if (!methods.has(method))
      throw new RequestError(403, `the sponsor is asked by ${[...methods].join(' and ')} only`)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
        signal: AbortSignal.timeout(timeout),
        redirect: 'error',
      })
      return { status: response.status, body: await response.text() }
    } catch {
      // The reason would tell the page where the service is.
      throw new RequestError(502, 'the paymaster service does not answer')
    }
  }
}

import { ContentMismatchError, ContentReadOnlyError } from '../errors/content.ts'
import { checkContent, parseContentId, toContentId } from './contentId.ts'
import { type ContentStore, defaultMaxBytes, type SizeBound, toBytes } from './contentStore.ts'
import { fileForm, type HttpOptions, requestContent, urlBelow } from './requestContent.ts'

export type GatewayStoreParameters = HttpOptions &
  SizeBound & {
    /** Of a trustless gateway of IPFS, like 'https://gateway.example', with a query where it asks for one. */
    gateway: string
    /** Of the RPC API of a Kubo node, like 'http://127.0.0.1:5001', for `put`; without it the store only gives. */
    api?: string | undefined
  }

/**
 * Content on IPFS over HTTP: read from a gateway as raw blocks and checked here (Trustless Gateway specification), put
 * by a Kubo node. Neither has to be trusted: redirects are followed within the gateway's host and its subdomains, and
 * none of the Kubo node.
 * @example
 * const store = gatewayStore({ gateway: 'https://trustless-gateway.link', api: 'http://127.0.0.1:5001' })
 * const prompt = await store.put('What is a rollup?')
 */
export function gatewayStore({
  gateway,
  api,
  maxBytes = defaultMaxBytes,
  ...http
}: GatewayStoreParameters): ContentStore {
  return {
    async put(content, { signal } = {}) {
      if (api === undefined) throw new ContentReadOnlyError({ option: 'api' })
      const bytes = toBytes(content, maxBytes)
      const cid = toContentId(bytes)
      const query = 'cid-codec=raw&mhtype=sha2-256&pin=true'
      const url = urlBelow(api, 'api/v0/block/put', query)
      const init = { method: 'POST', body: fileForm(bytes) }
      const answer = await requestContent(http, { url, init, cid, maximum: 4096, signal })
      if (keyIn(answer) !== cid)
        throw new ContentMismatchError({ cid, problem: `the node stored ${keyIn(answer)}` })
      return cid
    },
    async get(text, { signal } = {}) {
      const { cid } = parseContentId(text)
      const url = urlBelow(gateway, `ipfs/${cid}`, 'format=raw')
      const init = { headers: { Accept: 'application/vnd.ipld.raw' } }
      const content = await requestContent(http, { url, init, cid, maximum: maxBytes, signal })
      return checkContent(cid, content)
    },
  }
}

/** The id that a node answers with; the answer itself when it is none. */
function keyIn(answer: Uint8Array): string {
  const text = new TextDecoder().decode(answer)
  try {
    const { Key } = JSON.parse(text) as { Key?: unknown }
    return parseContentId(String(Key)).cid
  } catch {
    return JSON.stringify(text.slice(0, 100))
  }
}

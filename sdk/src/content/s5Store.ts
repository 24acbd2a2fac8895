import { ContentIdError } from '../errors/content.ts'
import {
  assertSize,
  type ContentStore,
  defaultMaxBytes,
  type SizeBound,
  toBytes,
} from './contentStore.ts'
import { fileForm, type HttpOptions, requestContent, urlBelow } from './requestContent.ts'
import { checkS5Content, parseS5Id, toS5Id } from './s5Id.ts'

export type S5StoreParameters = HttpOptions &
  SizeBound & {
    /** Of an S5 node, like 'https://s5.example'. */
    url: string
    /** Of an account of the node, where it asks for one. */
    authToken?: string | undefined
  }

/**
 * Content on S5, by the HTTP API of a node. Ids are those that the node gives, in its form; what they say is checked
 * here, of what is put as of what is read.
 * @example
 * const store = s5Store({ url: 'http://127.0.0.1:5050', authToken: 's5at…' })
 * const result = await store.put('A rollup is …')
 */
export function s5Store({
  url,
  authToken,
  maxBytes = defaultMaxBytes,
  headers = {},
  ...http
}: S5StoreParameters): ContentStore {
  const options: HttpOptions = {
    ...http,
    headers: { ...headers, ...(authToken && { Authorization: `Bearer ${authToken}` }) },
  }
  return {
    async put(content, { signal } = {}) {
      const bytes = toBytes(content, maxBytes)
      const own = toS5Id(bytes)
      const answer = await requestContent(options, {
        url: urlBelow(url, 's5/upload'),
        init: { method: 'POST', body: fileForm(bytes) },
        cid: own,
        maximum: 4096,
        signal,
      })
      const cid = cidIn(answer)
      checkS5Content(cid, bytes)
      return cid
    },
    async get(cid, { signal } = {}) {
      const { size } = parseS5Id(cid)
      assertSize(size, maxBytes)
      const place = urlBelow(url, `s5/blob/${encodeURIComponent(cid)}`)
      const content = await requestContent(options, { url: place, cid, maximum: size + 1, signal })
      return checkS5Content(cid, content)
    },
  }
}

function cidIn(answer: Uint8Array): string {
  const text = new TextDecoder().decode(answer)
  try {
    const { cid } = JSON.parse(text) as { cid?: unknown }
    if (typeof cid === 'string') return cid
  } catch {
    // Refused below, as an answer without an id.
  }
  throw new ContentIdError({ cid: text, problem: 'the node answered without one' })
}

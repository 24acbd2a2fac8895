import { ContentNotFoundError } from '../errors/content.ts'
import { checkContent, parseContentId, toContentId } from './contentId.ts'
import {
  assertSize,
  type ContentStore,
  defaultMaxBytes,
  type SizeBound,
  toBytes,
} from './contentStore.ts'

export type MemoryStoreParameters = SizeBound & {
  /** Bytes of all contents together; 64 MiB by default. */
  maxTotalBytes?: number | undefined
}

/**
 * Keeps content in memory, for tests and for what need not outlive the process.
 * @example
 * const store = memoryStore()
 * const prompt = await store.put('What is a rollup?')
 * await store.get(prompt)
 */
export function memoryStore({
  maxBytes = defaultMaxBytes,
  maxTotalBytes = 64 * 1_048_576,
}: MemoryStoreParameters = {}): ContentStore {
  const contents = new Map<string, Uint8Array>()
  let total = 0
  return {
    async put(content) {
      const bytes = toBytes(content, maxBytes)
      const cid = toContentId(bytes)
      if (contents.has(cid)) return cid
      assertSize(total + bytes.length, maxTotalBytes)
      total += bytes.length
      contents.set(cid, bytes.slice())
      return cid
    },
    async get(text) {
      const { cid } = parseContentId(text)
      const content = contents.get(cid)
      if (!content) throw new ContentNotFoundError({ cid })
      return checkContent(cid, content.slice())
    },
  }
}

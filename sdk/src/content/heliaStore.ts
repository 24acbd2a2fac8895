import { type UnixFS, unixfs } from '@helia/unixfs'
import { ContentNotFoundError, ContentTooLargeError } from '../errors/content.ts'
import { concatBytes } from './concatBytes.ts'
import { checkBlock, parseCid } from './contentId.ts'
import { type ContentStore, defaultMaxBytes, type SizeBound, toBytes } from './contentStore.ts'

export type HeliaStoreParameters = SizeBound & {
  /** A node, of whatever networking: what `createHelia` or `createHeliaLight` of helia 7 makes. */
  helia: Parameters<typeof unixfs>[0]
  /** Asks no other node. False by default. */
  offline?: boolean | undefined
  /** Milliseconds to look for content; 30,000 by default. */
  timeout?: number | undefined
}

/**
 * Content on IPFS by a Helia node: files of any number of blocks, each checked by its CID. What fits into one block has
 * the same id as in the other stores.
 * @example
 * const store = heliaStore({ helia: await createHelia() })
 * const prompt = await store.put('What is a rollup?')
 */
export function heliaStore({
  helia,
  maxBytes = 16 * defaultMaxBytes,
  offline = false,
  timeout = 30_000,
}: HeliaStoreParameters): ContentStore {
  const files: UnixFS = unixfs({ ...helia, blockstore: checkedBlocks(helia.blockstore) })
  return {
    async put(content, { signal } = {}) {
      const bytes = toBytes(content, maxBytes)
      // One raw block where it fits: the id of the other stores.
      const format = { cidVersion: 1, rawLeaves: true, reduceSingleLeafToSelf: true } as const
      return (await files.addBytes(bytes, { ...format, ...(signal && { signal }) })).toString()
    },
    async get(text, { signal } = {}) {
      const cid = parseCid(text)
      const time = AbortSignal.timeout(timeout)
      const waiting = signal ? AbortSignal.any([signal, time]) : time
      try {
        const parts: Uint8Array[] = []
        let size = 0
        for await (const part of files.cat(cid, { offline, signal: waiting })) {
          size += part.length
          if (size > maxBytes) throw new ContentTooLargeError({ size, maximum: maxBytes })
          parts.push(part)
        }
        return concatBytes(parts)
      } catch (error) {
        throw toContentError(error as Error, text, time.aborted)
      }
    },
  }
}

/** Blocks of a store, checked by their ids: a node trusts what it has stored itself. */
function checkedBlocks(blocks: Blockstore): Blockstore {
  async function* get(...parameters: Parameters<Blockstore['get']>) {
    const parts: Uint8Array[] = []
    for await (const part of blocks.get(...parameters)) parts.push(part)
    const block = concatBytes(parts)
    checkBlock(parameters[0], block)
    yield block
  }
  return new Proxy(blocks, {
    get(target, name) {
      const member: unknown = name === 'get' ? get : Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

type Blockstore = HeliaStoreParameters['helia']['blockstore']

const notFound = ['NotFoundError', 'BlockNotFoundWhileOfflineError']

function toContentError(error: Error, cid: string, timedOut: boolean): Error {
  return notFound.includes(error.name) || timedOut ? new ContentNotFoundError({ cid }) : error
}

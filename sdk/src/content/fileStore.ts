import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ContentNotFoundError } from '../errors/content.ts'
import { checkContent, parseContentId, toContentId } from './contentId.ts'
import {
  assertSize,
  type ContentStore,
  defaultMaxBytes,
  type SizeBound,
  toBytes,
} from './contentStore.ts'

export type FileStoreParameters = SizeBound & {
  /** Where the files are, one for each content, named after its id. Made when it is not there. */
  folder: string
}

/**
 * Keeps content in files. Needs Node or what is like it.
 * @example
 * const store = fileStore({ folder: './content' })
 * const result = await store.put('A rollup is …')
 */
export function fileStore({
  folder,
  maxBytes = defaultMaxBytes,
}: FileStoreParameters): ContentStore {
  // The canonical form of an id has neither dots nor slashes: no id leads out of the folder.
  const pathOf = (cid: string) => join(folder, cid)
  return {
    async put(content) {
      const bytes = toBytes(content, maxBytes)
      const cid = toContentId(bytes)
      await mkdir(folder, { recursive: true })
      await writeWhole(pathOf(cid), bytes)
      return cid
    },
    async get(text) {
      const { cid } = parseContentId(text)
      return checkContent(cid, await readBounded(pathOf(cid), cid, maxBytes))
    },
  }
}

/** A file that is there is whole, whenever the process or the machine ends. */
async function writeWhole(path: string, bytes: Uint8Array) {
  const draft = `${path}.${randomUUID()}`
  try {
    const file = await open(draft, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function readBounded(path: string, cid: string, maximum: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new ContentNotFoundError({ cid })
    throw error
  })
  try {
    assertSize((await file.stat()).size, maximum)
    return new Uint8Array(await file.readFile())
  } finally {
    await file.close()
  }
}

/** Writes `docs/reference/` from the declarations and their comments. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { referencePages } from './reference/referencePages.ts'

const folder = join(import.meta.dirname, '../../docs/reference')
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
for (const [file, text] of referencePages(join(import.meta.dirname, '../dist')))
  await writeFile(join(folder, file), text)

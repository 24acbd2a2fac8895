/**
 * Writes `contracts/storage-layout.json`, the storage of the upgradeable contracts as it is deployed. Refuses a layout
 * that would break what is there. `--check` writes nothing; `--accept` takes a breaking layout, before a first release.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compareLayouts } from '../operations/storage/compareLayouts.ts'
import { currentLayout } from '../operations/storage/currentLayout.ts'
import type { StorageLayout } from '../operations/storage/storageLayout.ts'

const path = join(import.meta.dirname, '../storage-layout.json')
const layout = await currentLayout()
const committed = await readFile(path, 'utf8').catch(() => undefined)
const problems = committed ? compareLayouts(JSON.parse(committed) as StorageLayout, layout) : []
const text = `${JSON.stringify(layout, null, 2)}\n`

if (problems.length > 0 && !process.argv.includes('--accept')) {
  console.error(`An upgrade to this layout would break storage:\n  ${problems.join('\n  ')}`)
  process.exitCode = 1
} else if (process.argv.includes('--check')) {
  if (text !== committed) {
    console.error('contracts/storage-layout.json is out of date. Run "pnpm storage-layout".')
    process.exitCode = 1
  }
} else {
  await writeFile(path, text)
  console.log(
    `${Object.keys(layout.namespaces).length} namespaces in contracts/storage-layout.json`,
  )
}

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { abuses } from './abuses.ts'

/** Names of tests that start with an id, like "P-01 gas …", and are not left out. */
const named = /(?<!skip|todo|fails)\(\s*['`](P-\d\d) /g
/** A line of the table "What abusers try": id and file of its tests. */
const documented = /^\| (P-\d\d) \|.*\| `(\w+)` \|$/gm

/** Ids that tests are named after, by the names of their files. */
async function testedIn(): Promise<Map<string, string[]>> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.test.ts'))
  const found = new Map<string, string[]>()
  for (const file of files) {
    const text = await readFile(join(import.meta.dirname, file), 'utf8')
    for (const [, id = ''] of text.matchAll(named))
      found.set(id, [...(found.get(id) ?? []), file.replace('.test.ts', '')])
  }
  return found
}

test('every abuse has a test that is named after it, and every id is in the list', async () => {
  const tested = await testedIn()
  expect([...tested.keys()].sort()).toEqual(Object.keys(abuses))
})

test('the documentation names every abuse with the file of its tests', async () => {
  const tested = await testedIn()
  const text = await readFile(join(import.meta.dirname, '../../../docs/paymaster.md'), 'utf8')
  const rows = [...text.matchAll(documented)].map(([, id = '', file = '']) => ({ id, file }))
  expect(rows.map(({ id }) => id)).toEqual(Object.keys(abuses))
  for (const { id, file } of rows) expect(tested.get(id), id).toContain(file)
})

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { attackRows } from './rows.ts'

/** Names of tests and groups that start with an id, like "[X-01] after …" or "X-30 a job …", and are not left out. */
const named = /(?<!skip|todo|fails)\(\s*['`]\[?(X-\d\d)\]? /g

/** Ids that tests of this folder are named after. */
async function testedRows(): Promise<Set<string>> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.test.ts'))
  const texts = await Promise.all(
    files.map((file) => readFile(join(import.meta.dirname, file), 'utf8')),
  )
  return new Set(texts.flatMap((text) => [...text.matchAll(named)].map(([, id]) => id ?? '')))
}

test('every attack has a test that is named after it', async () => {
  const tested = await testedRows()
  expect(Object.keys(attackRows).filter((id) => !tested.has(id))).toEqual([])
})

test('no row is missing', () => {
  const ids = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `X-${String(from + i).padStart(2, '0')}`)
  expect(Object.keys(attackRows)).toEqual([...ids(1, 27), ...ids(30, 47), ...ids(50, 60)])
})

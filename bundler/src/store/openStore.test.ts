import { appendFile, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseInUseError, openExclusiveDatabase } from '@fabstir/sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testHash, testPooled } from '../testing/pooledOperation.ts'
import { openStore } from './openStore.ts'
import type { StoreTables } from './sql/schema.ts'
import { createSqlStore, SchemaVersionError } from './sql/sqlStore.ts'
import { WrongChainError } from './store.ts'
import { describeStore } from './testing/storeBehaviour.ts'

const chain = { chainId: 31_337, genesisHash: testHash(1) }
let folder: string
let files = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fabstir-store-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const newFile = () => ({ kind: 'sqlite', path: join(folder, `${files++}.sqlite`) }) as const

describeStore('sqlite', async () => {
  const dialect = new SqliteDialect({ database: openExclusiveDatabase(newFile().path) })
  return createSqlStore(new Kysely<StoreTables>({ dialect }))
})

test('what was committed is there when the file is opened again', async () => {
  const file = newFile()
  const first = await openStore(file, chain)
  await first.commit([{ type: 'operationAdded', operation: testPooled(1) }])
  await first.close()
  const second = await openStore(file, chain)
  expect(await second.pendingOperations()).toEqual([testPooled(1)])
  await second.close()
})

test.each([
  { torn: 'nothing', tail: 0 },
  { torn: 'half a page', tail: 2_000 },
  { torn: 'pages without a commit', tail: 3 * 4_120 },
])(
  'after kill -9 with $torn behind the last commit, what was committed is there',
  async ({ tail }) => {
    const file = newFile()
    const first = await openStore(file, chain)
    for (const n of [1, 2, 3]) {
      await first.commit([{ type: 'operationAdded', operation: testPooled(n) }])
    }
    // What a killed process leaves: both files as they are, and a write that did not come to its end.
    const left = newFile()
    await copyFile(file.path, left.path)
    await copyFile(`${file.path}-wal`, `${left.path}-wal`)
    await appendFile(`${left.path}-wal`, Buffer.alloc(tail, 0x5a))
    await first.close()
    const second = await openStore(left, chain)
    expect(await second.pendingOperations()).toEqual([1, 2, 3].map((n) => testPooled(n)))
    await second.close()
  },
)

test('a failing change leaves nothing of its commit behind', async () => {
  const store = await openStore(newFile(), chain)
  const broken = { ...testPooled(2), validAfter: undefined as unknown as number }
  await expect(
    store.commit([
      { type: 'operationAdded', operation: testPooled(1) },
      { type: 'operationAdded', operation: broken },
    ]),
  ).rejects.toThrow()
  expect(await store.pendingOperations()).toEqual([])
  await store.close()
})

test('two bundlers cannot share a file', async () => {
  const file = newFile()
  const first = await openStore(file, chain)
  await expect(openStore(file, chain)).rejects.toThrow(DatabaseInUseError)
  await first.close()
})

test('a file of another chain is refused, and free again afterwards', async () => {
  const file = newFile()
  await (await openStore(file, chain)).close()
  await expect(openStore(file, { ...chain, chainId: 1 })).rejects.toThrow(WrongChainError)
  await (await openStore(file, chain)).close()
})

test('{chain} in a path stands for chain id and genesis', async () => {
  const path = join(folder, 'chains', 'bundler-{chain}.sqlite')
  await (await openStore({ kind: 'sqlite', path }, chain)).close()
  expect(await readdir(join(folder, 'chains'))).toContain('bundler-31337-00000000.sqlite')
})

test('a file with another schema version is refused', async () => {
  const file = newFile()
  await (await openStore(file, chain)).close()
  const database = openExclusiveDatabase(file.path)
  database.prepare("UPDATE meta SET value = '99' WHERE key = 'schemaVersion'").run([])
  database.close()
  await expect(openStore(file, chain)).rejects.toThrow(SchemaVersionError)
})

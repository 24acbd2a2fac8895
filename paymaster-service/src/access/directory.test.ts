import { randomBytes } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { storeAreas } from '../composition/storeAreas.ts'
import { openStore } from '../store/openStore.ts'
import { createTestDatabase, startPostgres } from '../testing/postgresDatabase.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import { newApiKey } from './apiKey.ts'
import { insertApp, insertKey, readApp, setRevoked, updateApp } from './appStore.ts'
import { createKeyDirectory } from './directory.ts'
import type { AccessDatabase, AccessTables } from './tables.ts'

beforeAll(startPostgres, 120_000)

async function issue(db: AccessDatabase) {
  const app = { name: 'app', policies: ['a', 'b'], createdAt: 1, disabledAt: null }
  if (!(await readApp(db, app.name))) await insertApp(db, app)
  const { id, key, hash } = newApiKey(randomBytes)
  const scope = { policies: ['b'], rate: { requests: 2, seconds: 1 } }
  await insertKey(db, { id, hash, app: 'app', label: '', scope, createdAt: 1, revokedAt: null })
  return { id, key }
}

describe.each(testStores)('keys in $name', ({ open }) => {
  let opened: TestStore
  let db: AccessDatabase

  beforeEach(async () => {
    opened = await open()
    db = opened.store.db.withTables<AccessTables>()
  })
  afterEach(() => opened.close())

  test('a key is found with its app and scope, and only by its whole text', async () => {
    const directory = createKeyDirectory(opened.store)
    const { id, key } = await issue(db)
    const other = await issue(db)
    const found = {
      id,
      app: 'app',
      policies: ['a', 'b'],
      grant: { policies: ['b'], rate: { requests: 2, seconds: 1 }, appDisabled: false },
    }
    for (let time = 0; time < 2; time++) {
      expect(await directory.find(key)).toMatchObject(found)
      expect(await directory.find(key.replace(id, other.id))).toBeUndefined()
      expect(await directory.find(key.replace(id, '0'.repeat(16)))).toBeUndefined()
      expect(await directory.find(id)).toBeUndefined()
    }
  })

  test('it knows of a revocation and of an app that was disabled with the next request', async () => {
    const directory = createKeyDirectory(opened.store)
    const [first, second] = [await issue(db), await issue(db)]
    await directory.find(first.key)
    await setRevoked(db, first.id, 5)
    directory.changed()
    expect((await directory.find(first.key))?.grant.revokedAt).toBe(5)
    const app = await readApp(db, 'app')
    if (!app) throw new Error('there is no app')
    await updateApp(db, { ...app, disabledAt: 6 })
    directory.changed()
    expect((await directory.find(second.key))?.grant.appDisabled).toBe(true)
  })

  test('a change while a key is read is not covered by what was read', async () => {
    const directory = createKeyDirectory(opened.store)
    const { id, key } = await issue(db)
    const reading = directory.find(key)
    await setRevoked(db, id, 5)
    directory.changed()
    await reading
    expect((await directory.find(key))?.grant.revokedAt).toBe(5)
  })
})

test('a key that one instance revokes is refused by the other with its next request', async () => {
  const database = await createTestDatabase()
  const [one, two] = [
    await openStore(database.location, storeAreas),
    await openStore(database.location, storeAreas),
  ]
  const { id, key } = await issue(one.db.withTables<AccessTables>())
  const directory = createKeyDirectory(two)
  expect((await directory.find(key))?.grant.revokedAt).toBeUndefined()
  await setRevoked(one.db.withTables<AccessTables>(), id, 5)
  expect((await directory.find(key))?.grant.revokedAt).toBe(5)
  await one.close()
  await two.close()
  await database.drop()
})

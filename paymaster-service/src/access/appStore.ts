import { z } from 'zod'
import type { KeyGrant, KeyScope } from './keyGrant.ts'
import { keyScopeFields } from './keyGrant.ts'
import type { AccessDatabase, ApiKeyRow, AppRow } from './tables.ts'

/** The database or a transaction on it. */
type Access = AccessDatabase

/** An app with the policies that its keys may ask for, in their order. */
export type StoredApp = {
  name: string
  policies: readonly string[]
  createdAt: number
  disabledAt: number | null
}

/** A key as lists show it: without its hash. */
export type StoredKey = {
  id: string
  app: string
  label: string
  scope: KeyScope
  createdAt: number
  revokedAt: number | null
}

const strings = z.array(z.string())
const storedScope = z.object(keyScopeFields)

export async function insertApp(db: Access, app: StoredApp): Promise<void> {
  await db
    .insertInto('apps')
    .values({
      name: app.name,
      policies: JSON.stringify(app.policies),
      created_at: app.createdAt,
      disabled_at: app.disabledAt,
    })
    .execute()
}

export async function updateApp(db: Access, app: StoredApp): Promise<void> {
  await db
    .updateTable('apps')
    .set({ policies: JSON.stringify(app.policies), disabled_at: app.disabledAt })
    .where('name', '=', app.name)
    .execute()
}

export async function readApp(db: Access, name: string): Promise<StoredApp | undefined> {
  const row = await db.selectFrom('apps').selectAll().where('name', '=', name).executeTakeFirst()
  return row && toApp(row)
}

export async function listApps(db: Access): Promise<StoredApp[]> {
  return (await db.selectFrom('apps').selectAll().orderBy('name').execute()).map(toApp)
}

export async function insertKey(db: Access, key: StoredKey & { hash: string }): Promise<void> {
  await db
    .insertInto('api_keys')
    .values({
      id: key.id,
      app: key.app,
      hash: key.hash,
      label: key.label,
      scope: JSON.stringify(key.scope),
      created_at: key.createdAt,
      revoked_at: key.revokedAt,
    })
    .execute()
}

export async function readKey(db: Access, id: string): Promise<StoredKey | undefined> {
  const row = await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toKey(row)
}

export async function listKeys(db: Access, app?: string): Promise<StoredKey[]> {
  const all = db.selectFrom('api_keys').selectAll().orderBy('app').orderBy('created_at')
  const rows = await (app === undefined ? all : all.where('app', '=', app)).orderBy('id').execute()
  return rows.map(toKey)
}

export async function setRevoked(db: Access, id: string, at: number): Promise<void> {
  await db.updateTable('api_keys').set({ revoked_at: at }).where('id', '=', id).execute()
}

/** A key with what decides about it, read in one query. */
export type FoundKey = {
  id: string
  hash: string
  app: string
  policies: readonly string[]
  grant: KeyGrant
}

export async function findKey(db: Access, id: string): Promise<FoundKey | undefined> {
  const row = await db
    .selectFrom('api_keys')
    .innerJoin('apps', 'apps.name', 'api_keys.app')
    .select(['api_keys.hash', 'api_keys.scope', 'api_keys.revoked_at'])
    .select(['apps.name', 'apps.policies', 'apps.disabled_at'])
    .where('api_keys.id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  return {
    id,
    hash: row.hash,
    app: row.name,
    policies: strings.parse(JSON.parse(row.policies)),
    grant: {
      ...storedScope.parse(JSON.parse(row.scope)),
      revokedAt: row.revoked_at === null ? undefined : Number(row.revoked_at),
      appDisabled: row.disabled_at !== null,
    },
  }
}

export function toApp({ name, policies, created_at, disabled_at }: AppRow): StoredApp {
  return {
    name,
    policies: strings.parse(JSON.parse(policies)),
    createdAt: Number(created_at),
    disabledAt: numberOrNull(disabled_at),
  }
}

export function toKey({ id, app, label, scope, created_at, revoked_at }: ApiKeyRow): StoredKey {
  return {
    id,
    app,
    label,
    scope: storedScope.parse(JSON.parse(scope)),
    createdAt: Number(created_at),
    revokedAt: numberOrNull(revoked_at),
  }
}

function numberOrNull(value: number | null): number | null {
  return value === null ? null : Number(value)
}

import { z } from 'zod'
import { newApiKey } from '../access/apiKey.ts'
import type { StoredKey } from '../access/appStore.ts'
import {
  findKey,
  insertApp,
  insertKey,
  listApps,
  listKeys,
  readApp,
  readKey,
  setRevoked,
  updateApp,
} from '../access/appStore.ts'
import { keyScopeFields } from '../access/keyGrant.ts'
import type { AccessTables } from '../access/tables.ts'
import type { JsonValue } from '../policy/canonicalJson.ts'
import { policyHeads } from '../policyVersions/policyVersions.ts'
import type { PolicyTables } from '../policyVersions/tables.ts'
import type { StoreTransaction } from '../store/store.ts'
import { change } from './change.ts'
import { AdminError, conflict, notFound } from './errors.ts'
import type { AdminContext } from './operation.ts'
import { operation } from './operation.ts'

const name = z
  .string()
  .regex(
    /^[a-zA-Z0-9][\w.-]{0,63}$/,
    'expected 1 to 64 letters, digits, "_", "." or "-", a letter or digit first',
  )
/** Seconds: a hundred years. */
const longestLife = 3_155_760_000
const policies = z.array(z.string()).min(1).max(100)

export const createApp = operation(
  'POST',
  '/apps',
  z.strictObject({ name, policies }),
  (context, input) =>
    change(context, async (trx) => {
      const db = trx.withTables<AccessTables>()
      if (await readApp(db, input.name))
        throw conflict('name', `there is an app ${input.name} already`)
      await checkPolicies(context, trx, input.policies)
      const app = { ...input, createdAt: context.clock(), disabledAt: null }
      await insertApp(db, app)
      const subject = `app/${app.name}`
      return { action: 'app.create', subject, before: undefined, after: app, result: app }
    }),
)

export const apps = operation('GET', '/apps', z.strictObject({}), ({ store }) =>
  listApps(store.db.withTables<AccessTables>()),
)

export const changeApp = operation(
  'PATCH',
  '/apps/:name',
  z.strictObject({ name, policies: policies.optional(), disabled: z.boolean().optional() }),
  (context, input) =>
    change(context, async (trx) => {
      const db = trx.withTables<AccessTables>()
      const before = await readApp(db, input.name)
      if (!before) throw notFound('name', `there is no app ${input.name}`)
      if (input.policies) await checkPolicies(context, trx, input.policies)
      const disabledAt = input.disabled ? (before.disabledAt ?? context.clock()) : null
      const after = {
        ...before,
        ...(input.policies ? { policies: input.policies } : {}),
        ...(input.disabled === undefined ? {} : { disabledAt }),
      }
      await updateApp(db, after)
      return { action: 'app.change', subject: `app/${after.name}`, before, after, result: after }
    }),
)

export const issueKey = operation(
  'POST',
  '/apps/:app/keys',
  z
    .strictObject({
      app: name,
      label: z.string().max(200).default(''),
      ...keyScopeFields,
      /** Seconds from now, in place of `expiresAt`. */
      expiresIn: z.number().int().min(1).max(longestLife).optional(),
    })
    .refine(({ expiresAt, expiresIn }) => expiresAt === undefined || expiresIn === undefined, {
      error: 'expected one of expiresAt and expiresIn',
    }),
  async (context, { app, label, expiresIn, ...given }) => {
    const { id, key, hash } = newApiKey(context.random)
    const scope =
      expiresIn === undefined ? given : { ...given, expiresAt: context.clock() + expiresIn }
    const stored = { id, app, label, scope, createdAt: context.clock(), revokedAt: null }
    await change(context, async (trx) => {
      const db = trx.withTables<AccessTables>()
      const owner = await readApp(db, app)
      if (!owner) throw notFound('app', `there is no app ${app}`)
      checkScope(scope, { policies: owner.policies, now: context.clock() })
      await insertKey(db, { ...stored, hash })
      const after = keyState(stored, hash)
      return { action: 'key.issue', subject: `key/${id}`, before: undefined, after, result: id }
    })
    // The only answer that has it.
    return { ...stored, key }
  },
)

export const keys = operation(
  'GET',
  '/keys',
  z.strictObject({ app: name.optional() }),
  ({ store }, { app }) => listKeys(store.db.withTables<AccessTables>(), app),
)

export const revokeKey = operation(
  'DELETE',
  '/keys/:id',
  z.strictObject({ id: z.string() }),
  (context, { id }) =>
    change(context, async (trx) => {
      const db = trx.withTables<AccessTables>()
      const stored = await readKey(db, id)
      const found = await findKey(db, id)
      if (!stored || !found)
        throw notFound('id', `there is no key ${id}; expected the 16 digits between "fpk_" and "_"`)
      const result = { ...stored, revokedAt: stored.revokedAt ?? context.clock() }
      await setRevoked(db, id, result.revokedAt)
      return {
        action: 'key.revoke',
        subject: `key/${id}`,
        before: keyState(stored, found.hash),
        after: keyState(result, found.hash),
        result,
      }
    }),
)

/** With its hash: another one put in its place would not be what was issued. */
export function keyState({ scope, ...key }: StoredKey, hash: string): JsonValue {
  const { policies, methods, origins, rate, expiresAt } = scope
  return { ...key, hash, scope: { policies, methods, origins, rate, expiresAt } }
}

function checkScope(
  {
    policies: asked = [],
    expiresAt,
  }: { policies?: string[] | undefined; expiresAt?: number | undefined },
  app: { policies: readonly string[]; now: number },
): void {
  const foreign = asked.find((id) => !app.policies.includes(id))
  if (foreign !== undefined)
    throw new AdminError('invalid', [
      {
        field: 'policies',
        message: `${foreign} is not one of the app's: ${app.policies.join(', ')}`,
      },
    ])
  if (expiresAt !== undefined && expiresAt <= app.now)
    throw new AdminError('invalid', [
      { field: 'expiresAt', message: `expected a second after now, ${app.now}, not ${expiresAt}` },
    ])
}

async function checkPolicies(
  { configuredPolicies }: AdminContext,
  trx: StoreTransaction,
  ids: readonly string[],
): Promise<void> {
  const stored = await policyHeads(trx.withTables<PolicyTables>(), ids)
  const known = new Set([...configuredPolicies, ...stored.map(({ id }) => id)])
  const unknown = ids.find((id) => !known.has(id))
  if (unknown !== undefined)
    throw new AdminError('invalid', [
      { field: 'policies', message: `there is no policy ${unknown}` },
    ])
}

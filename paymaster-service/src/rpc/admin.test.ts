import fastify from 'fastify'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { matchesHash } from '../access/apiKey.ts'
import { findKey } from '../access/appStore.ts'
import type { AccessTables } from '../access/tables.ts'
import { newAdminKey } from '../admin/credentials.ts'
import type { AdminContext } from '../admin/operation.ts'
import { operations } from '../admin/operations.ts'
import type { PolicyMeans } from '../policyVersions/policyNeeds.ts'
import { testPolicy } from '../testing/fixtures.ts'
import { startPostgres } from '../testing/postgresDatabase.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import { webhookSecret } from '../webhooks/webhookSignature.ts'
import { admin } from './admin.ts'

const now = 1_700_000_000
const webhookKey = 'w'.repeat(32)
const means: PolicyMeans = {
  hasWillSponsorSecret: (id) => id === 'asking',
  hasPrice: false,
  hasEstimates: false,
  allowPrivateWebhooks: false,
}
let randoms = 0
const random = (size: number) => new Uint8Array(size).fill(++randoms)
const ada = newAdminKey(random)
const bob = newAdminKey(random)

beforeAll(startPostgres, 120_000)

describe.each(testStores)('/admin on $name', ({ open }) => {
  let opened: TestStore
  let server: ReturnType<typeof fastify>
  let changes: number

  beforeEach(async () => {
    opened = await open()
    changes = 0
    await serve({})
  })
  afterEach(async () => {
    await server.close()
    await opened.close()
  })

  async function serve(overrides: Partial<AdminContext>) {
    server = fastify()
    await server.register(admin, {
      prefix: '/admin',
      administrators: [
        { name: 'ada', keyHash: ada.keyHash },
        { name: 'bob', keyHash: bob.keyHash },
      ],
      operations,
      context: {
        store: opened.store,
        clock: () => now,
        random,
        configuredPolicies: new Set(['configured']),
        means,
        webhookKey,
        allowPrivateWebhooks: false,
        dryRun: undefined,
        onChange: () => changes++,
        ...overrides,
      },
    })
  }

  async function ask(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    key = ada.key,
  ) {
    const response = await server.inject({
      method,
      url: `/admin${path}`,
      headers: { authorization: `Bearer ${key}` },
      ...(body ? { payload: body } : {}),
    })
    return { status: response.statusCode, body: response.json() }
  }
  const field = async (asked: ReturnType<typeof ask>) => {
    const { status, body } = await asked
    return { status, code: body.error.code, field: body.error.problems[0].field }
  }
  const withApp = async () => {
    await ask('PUT', '/policies', { document: testPolicy() })
    await ask('POST', '/apps', { name: 'app', policies: ['marketplace', 'configured'] })
  }

  test.each(['', 'Bearer', 'Bearer wrong', `Basic ${ada.key}`, `Bearer ${ada.keyHash}`])(
    'without its own credential (%j) nothing is told, not even what is there',
    async (authorization) => {
      for (const url of ['/admin/apps', '/admin/nothing', '/admin/keys/1']) {
        const response = await server.inject({ method: 'GET', url, headers: { authorization } })
        expect(response.statusCode).toBe(401)
        expect(response.json().error.code).toBe('unauthorized')
      }
    },
  )

  test('an API key of an app is no credential here', async () => {
    await withApp()
    const { body } = await ask('POST', '/apps/app/keys', {})
    expect((await ask('GET', '/apps', undefined, body.key)).status).toBe(401)
  })

  test.each([
    { changes: { willSponsor: { url: 'https://app.example/' } }, field: 'document.willSponsor' },
    {
      changes: { id: 'asking', willSponsor: { url: 'https://169.254.169.254/' } },
      field: 'document.willSponsor.url',
    },
    {
      changes: { id: 'asking', willSponsor: { url: 'http://localhost/' } },
      field: 'document.willSponsor.url',
    },
    { changes: { caps: { global: { usd: '1', window: 'day' } } }, field: 'document.caps' },
    { changes: { unusedGas: { maxPercent: 40 } }, field: 'document.unusedGas' },
  ])(
    'a policy that cannot pay here is refused: $changes',
    async ({ changes: policy, field: of }) => {
      const document = { ...testPolicy(), ...policy }
      const expected = { status: 400, code: 'invalid', field: of }
      expect(await field(ask('POST', '/policies/validate', { document }))).toEqual(expected)
      expect(await field(ask('PUT', '/policies', { document }))).toEqual(expected)
      expect((await ask('GET', '/policies')).body).toEqual([])
      expect(changes).toBe(0)
      await server.close()
      await serve({
        means: { ...means, hasWillSponsorSecret: () => true, hasPrice: true, hasEstimates: true },
      })
      const asked = ask('PUT', '/policies', { document })
      if (of.endsWith('url')) expect(await field(asked)).toEqual(expected)
      else expect((await asked).status).toBe(200)
    },
  )

  test('a key is shown once, stored as a hash, listed without it, and revoked for ever', async () => {
    await withApp()
    const scope = {
      methods: ['pm_getPaymasterData'],
      origins: ['https://app.example'],
      expiresIn: 60,
    }
    const { body } = await ask('POST', '/apps/app/keys', { label: 'web', ...scope })
    const db = opened.store.db.withTables<AccessTables>()
    const found = await findKey(db, body.id)
    expect(matchesHash(body.key, found?.hash ?? '')).toBe(true)
    expect(found?.grant).toMatchObject({
      methods: scope.methods,
      origins: scope.origins,
      expiresAt: now + 60,
    })
    const stored = JSON.stringify(await db.selectFrom('api_keys').selectAll().execute())
    const [, , secret = ''] = /^fpk_(\w+?)_(.+)$/.exec(body.key) ?? []
    expect(secret).toHaveLength(43)
    for (const text of [stored, JSON.stringify((await ask('GET', '/keys')).body)])
      expect(text).not.toContain(secret)
    const revoked = await ask('DELETE', `/keys/${body.id}`)
    expect(revoked.body).toMatchObject({ id: body.id, revokedAt: now })
    expect((await ask('DELETE', `/keys/${body.id}`)).body.revokedAt).toBe(now)
  })

  test('every change is in the audit log once, with who did it; what changes nothing is not', async () => {
    await withApp()
    await ask('PUT', '/policies', { document: testPolicy() })
    const { body: key } = await ask('POST', '/apps/app/keys', {}, bob.key)
    await ask('DELETE', `/keys/${key.id}`)
    await ask('DELETE', `/keys/${key.id}`)
    await ask('PATCH', '/apps/app', { disabled: true })
    await ask('GET', '/apps')
    const { body } = await ask('GET', '/audit')
    expect(body.map(({ actor, action }: Record<string, string>) => `${actor} ${action}`)).toEqual([
      'admin:ada policy.apply',
      'admin:ada app.create',
      'admin:bob key.issue',
      'admin:ada key.revoke',
      'admin:ada app.change',
    ])
    expect(changes).toBe(5)
    const last = body.at(-1)
    const anchor = `${last.seq}:${last.hash}`
    expect((await ask('GET', `/audit/verify?anchor=${anchor}`)).body).toMatchObject({ ok: true })
    const other = `9:${last.hash}`
    expect((await ask('GET', `/audit/verify?anchor=${anchor}&anchor=${other}`)).body).toMatchObject(
      {
        ok: false,
        seq: 6,
      },
    )
  })

  test('changes that come together take turns: one version each', async () => {
    const budgets = Array.from({ length: 8 }, (_, index) => BigInt(index + 1))
    await Promise.all(
      budgets.map((budgetWei) => {
        const { version: _, ...document } = testPolicy({ budgetWei })
        return ask('PUT', '/policies', { document })
      }),
    )
    const { body } = await ask('GET', '/policies/marketplace/versions')
    expect(body.map(({ version }: { version: number }) => version)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ])
    const hash = body[2].onChainHash
    expect((await ask('GET', `/policy-hashes/${hash}`)).body.version).toBe(3)
    expect((await ask('GET', '/audit/verify')).body).toMatchObject({ ok: true, entries: 8 })
  })

  test('bad input is answered with its field', async () => {
    await withApp()
    const key = (body: object) => field(ask('POST', '/apps/app/keys', body))
    const invalid = { status: 400, code: 'invalid' }
    expect(await key({ policies: ['other'] })).toEqual({ ...invalid, field: 'policies' })
    expect(await key({ expiresAt: now })).toEqual({ ...invalid, field: 'expiresAt' })
    expect(await key({ origins: ['app.example'] })).toEqual({ ...invalid, field: 'origins.0' })
    expect(await key({ rate: { requests: 0, seconds: 1 } })).toEqual({
      ...invalid,
      field: 'rate.requests',
    })
    expect(await key({ sudo: true })).toMatchObject(invalid)
    expect(await field(ask('POST', '/apps', { name: 'b', policies: ['x'] }))).toEqual({
      ...invalid,
      field: 'policies',
    })
    expect(await field(ask('POST', '/apps', { name: '../b', policies: ['marketplace'] }))).toEqual({
      ...invalid,
      field: 'name',
    })
    expect(await field(ask('POST', '/apps', { name: 'app', policies: ['marketplace'] }))).toEqual({
      status: 409,
      code: 'conflict',
      field: 'name',
    })
    expect(await field(ask('POST', '/apps/b/keys', {}))).toEqual({
      status: 404,
      code: 'notFound',
      field: 'app',
    })
    expect(await field(ask('DELETE', '/keys/b'))).toEqual({
      status: 404,
      code: 'notFound',
      field: 'id',
    })
    expect(
      await field(ask('PUT', '/policies', { document: testPolicy({ id: 'configured' }) })),
    ).toEqual({ status: 409, code: 'conflict', field: 'document.id' })
    expect(await field(ask('PUT', '/policies', { document: { id: 'x' } }))).toEqual({
      ...invalid,
      field: 'document.schema',
    })
    expect(await field(ask('PUT', '/policies', { document: testPolicy({ version: 9 }) }))).toEqual({
      status: 409,
      code: 'conflict',
      field: 'document.version',
    })
    expect(await field(ask('GET', '/usage?by=policy,colour'))).toEqual({
      ...invalid,
      field: 'by.1',
    })
    expect(await field(ask('GET', '/usage?from=yesterday'))).toEqual({ ...invalid, field: 'from' })
    expect(await field(ask('GET', '/nothing'))).toEqual({
      status: 404,
      code: 'notFound',
      field: 'path',
    })
  })

  test('webhooks lead to the public internet, with a secret that is shown once and stored nowhere', async () => {
    const events = ['sponsorship.settled', 'sponsorship.settled']
    for (const url of ['https://127.0.0.1/', 'http://hooks.example/', 'https://[::1]/'])
      expect(await field(ask('POST', '/webhooks', { url, events }))).toEqual({
        status: 400,
        code: 'invalid',
        field: 'url',
      })
    const { body } = await ask('POST', '/webhooks', { url: 'https://hooks.example/a', events })
    expect(body).toMatchObject({ events: ['sponsorship.settled'], state: 'active' })
    expect(body.secret).toBe(webhookSecret(webhookKey, body.id))
    const listed = (await ask('GET', '/webhooks')).body
    expect(listed).toMatchObject([{ id: body.id }])
    expect(JSON.stringify(listed)).not.toContain('whsec_')
    expect((await ask('PATCH', `/webhooks/${body.id}`, { state: 'disabled' })).body.state).toBe(
      'disabled',
    )
    expect((await ask('GET', `/webhooks/${body.id}/deliveries`)).body).toEqual([])
    expect((await ask('DELETE', `/webhooks/${body.id}`)).status).toBe(200)
    expect(await field(ask('DELETE', `/webhooks/${body.id}`))).toEqual({
      status: 404,
      code: 'notFound',
      field: 'id',
    })
  })

  test('without a key for their secrets there are no webhooks', async () => {
    await server.close()
    await serve({ webhookKey: undefined })
    const asked = { url: 'https://hooks.example/', events: ['sponsorship.settled'] }
    expect(await field(ask('POST', '/webhooks', asked))).toEqual({
      status: 503,
      code: 'unavailable',
      field: 'webhookKey',
    })
  })

  test('an error inside shows nothing of it', async () => {
    await server.close()
    await serve({ dryRun: () => Promise.reject(new Error('postgres://user:password@host')) })
    const body = { document: testPolicy(), userOperation: {}, entryPoint: '0x' }
    const answer = await ask('POST', '/policies/dry-run', body)
    expect(answer.status).toBe(500)
    expect(JSON.stringify(answer.body)).not.toContain('password')
  })
})

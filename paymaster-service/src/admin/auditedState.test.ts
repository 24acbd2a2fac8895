import { sql } from 'kysely'
import { getAddress } from 'viem'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testPolicy } from '../testing/fixtures.ts'
import { startPostgres } from '../testing/postgresDatabase.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import type { AdminContext } from './operation.ts'
import type { OperationName } from './operations.ts'
import { operations } from './operations.ts'

const [entryPoint, first, second, third] = ['e1', '01', '02', '03'].map((digits) =>
  getAddress(`0x${digits.repeat(20)}`),
)
const rotation = `paymaster/1/${entryPoint}`

const tampering: { change: string; subject: RegExp; problem?: RegExp }[] = [
  { change: "update api_keys set hash = 'ab' where revoked_at is null", subject: /^key\// },
  { change: 'update api_keys set revoked_at = null', subject: /^key\// },
  {
    change: 'update api_keys set scope = \'{"rate":{"requests":9,"seconds":1}}\'',
    subject: /^key/,
  },
  {
    change: "update api_keys set scope = 'nothing'",
    subject: /^key\//,
    problem: /cannot be read/,
  },
  {
    change: 'delete from api_keys where revoked_at is not null',
    subject: /^key/,
    problem: /gone/,
  },
  {
    change: "insert into api_keys values ('ff', 'shop', 'ab', '', '{}', 1, null)",
    subject: /^key\/ff$/,
    problem: /no entry made it/,
  },
  { change: 'update apps set policies = \'["other"]\'', subject: /^app\/shop$/ },
  { change: 'update apps set disabled_at = 5', subject: /^app\/shop$/ },
  { change: 'update policies set version = 1', subject: /^policy\/marketplace$/ },
  {
    change: "update policy_versions set document = replace(document, '1', '2') where version = 2",
    subject: /^policy\/marketplace$/,
    problem: /document of version 2 has another hash/,
  },
  {
    change:
      "insert into policy_versions select id, 3, hash, on_chain_hash || '00', document, 1, '' from policy_versions where version = 2",
    subject: /^policy\/marketplace$/,
    problem: /version 3/,
  },
  { change: "update webhooks set url = 'https://b.example/'", subject: /^webhook\/wh_/ },
  { change: 'delete from revoked_signers', subject: /^signer\//, problem: /gone/ },
  { change: 'delete from paymaster_rotations', subject: new RegExp(rotation), problem: /gone/ },
  {
    change: `update paymaster_rotations set successor = '0x${'05'.repeat(20)}' where successor = '${third?.toLowerCase()}'`,
    subject: new RegExp(rotation),
  },
  {
    change: `insert into paymaster_rotations values (1, '${entryPoint?.toLowerCase()}', '0x${'04'.repeat(20)}', '${third?.toLowerCase()}', 1)`,
    subject: new RegExp(rotation),
    problem: /no entry made .* the successor of/,
  },
]

beforeAll(startPostgres, 120_000)

describe.each(testStores)('what the audit log made in $name', ({ name, open }) => {
  let opened: TestStore
  let randoms: number
  beforeEach(async () => {
    opened = await open()
    randoms = 0
  })
  afterEach(() => opened.close())

  async function ask(name: OperationName, input: object) {
    const context: AdminContext = {
      store: opened.store,
      actor: 'admin:ada',
      clock: () => 1_000,
      random: (size) => new Uint8Array(size).fill(++randoms),
      configuredPolicies: new Set(),
      means: {
        hasWillSponsorSecret: () => false,
        hasPrice: false,
        hasEstimates: false,
        allowPrivateWebhooks: false,
      },
      webhookKey: 'w'.repeat(32),
      allowPrivateWebhooks: false,
      dryRun: undefined,
      onChange() {},
      paymasters: {
        chainId: 1,
        status: async () => [],
        configured: () => first,
        active: () => ({ paymaster: first ?? '0x', parallelSigning: false }),
        examine: async () => ({
          entryPoint: entryPoint ?? '0x',
          signers: [],
          liveSigners: [first ?? '0x'],
          deposit: 1n,
          takesParallelSignatures: false,
        }),
        refresh: async () => {},
      },
    }
    return operations[name].run(context, input)
  }
  const verify = () => ask('verifyAuditLog', {})

  /** Two versions of a policy, an app with two keys, a webhook, a rotation there and on, a revoked signer. */
  async function fill() {
    await ask('applyPolicy', { document: testPolicy() })
    await ask('applyPolicy', { document: testPolicy({ budgetWei: 5n }) })
    await ask('createApp', { name: 'shop', policies: ['marketplace'] })
    await ask('issueKey', { app: 'shop', rate: { requests: 5, seconds: 60 } })
    const { id } = (await ask('issueKey', { app: 'shop' })) as { id: string }
    await ask('revokeKey', { id })
    await ask('createWebhook', { url: 'https://a.example/', events: ['sponsorship.settled'] })
    for (const paymaster of [second, third]) await ask('rotatePaymaster', { entryPoint, paymaster })
    await ask('revokeSigner', { address: second })
  }

  test('is found as it was made, also after what was made was taken out again', async () => {
    await fill()
    expect(await verify()).toMatchObject({ ok: true, entries: 10 })
    const [webhook] = (await ask('webhooks', {})) as { id: string }[]
    await ask('removeWebhook', { id: webhook?.id })
    // Back to where it began.
    await ask('rotatePaymaster', { entryPoint, paymaster: first })
    expect(await verify()).toMatchObject({ ok: true, entries: 12 })
  })

  // The same statements in both: one of them shows that PostgreSQL's rows are read as they are.
  const some = name === 'SQLite' ? tampering : tampering.slice(0, 1)
  test.each(some)(
    'was changed beside it: $change',
    async ({ change, subject, problem = /is not as/ }) => {
      await fill()
      await sql.raw(change).execute(opened.store.db)
      expect(await verify()).toMatchObject({
        ok: false,
        states: expect.arrayContaining([
          expect.objectContaining({
            subject: expect.stringMatching(subject),
            problem: expect.stringMatching(problem),
          }),
        ]),
      })
    },
  )

  test('a change that comes while the log is read is no problem', async () => {
    await fill()
    const verdicts = await Promise.all([
      verify(),
      ask('createApp', { name: 'other', policies: ['marketplace'] }),
      verify(),
      ask('issueKey', { app: 'shop' }),
      verify(),
    ])
    for (const index of [0, 2, 4]) expect(verdicts[index]).toMatchObject({ ok: true })
  })
})

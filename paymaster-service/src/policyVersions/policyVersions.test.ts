import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parsePolicy } from '../policy/policy.ts'
import { testPolicy } from '../testing/fixtures.ts'
import { startPostgres } from '../testing/postgresDatabase.ts'
import type { TestStore } from '../testing/stores.ts'
import { testStores } from '../testing/stores.ts'
import { createPolicySource } from './policySource.ts'
import {
  findByHash,
  insertVersion,
  listVersions,
  nextVersion,
  PolicyVersionError,
  readVersion,
} from './policyVersions.ts'
import type { PolicyDatabase, PolicyTables } from './tables.ts'

const document = (version: number | undefined, budgetWei = 1n) => {
  const { version: _, ...rest } = testPolicy({ budgetWei })
  return { ...rest, ...(version === undefined ? {} : { version }) }
}
const inForce = (version: number, budgetWei = 1n) => parsePolicy(document(version, budgetWei))

describe('nextVersion', () => {
  test.each([
    { given: undefined, version: 1 },
    { given: 1, version: 1 },
    { given: 7, version: 7 },
  ])('a first document with version $given is version $version', ({ given, version }) => {
    const { policy, changed } = nextVersion(document(given), undefined)
    expect({ version: policy.version, changed }).toEqual({ version, changed: true })
  })

  test.each([{ given: undefined }, { given: 3 }, { given: 4 }])(
    'another document than version 3 in force, with version $given, is version 4',
    ({ given }) => {
      const { policy, changed } = nextVersion(document(given, 2n), inForce(3))
      expect({ version: policy.version, changed }).toEqual({ version: 4, changed: true })
      expect(policy.hash).toBe(inForce(4, 2n).hash)
    },
  )

  test.each([{ given: undefined }, { given: 3 }])(
    'the document in force, with version $given, changes nothing',
    ({ given }) => {
      expect(nextVersion(document(given), inForce(3))).toMatchObject({ changed: false })
    },
  )

  test.each([{ given: 2 }, { given: 5 }])(
    'one made from version $given is refused, with the numbers',
    ({ given }) => {
      const apply = () => nextVersion(document(given, 2n), inForce(3))
      expect(apply).toThrow(PolicyVersionError)
      expect(apply).toThrow(/version 3, so 3 or 4 is expected, not/)
    },
  )

  test.each([1, null, 'text', [], {}, { version: 'x' }])('%j is refused by the schema', (input) => {
    expect(() => nextVersion(input, undefined)).toThrow('invalid policy')
  })
})

describe.each(testStores)('policies in $name', ({ open }) => {
  let opened: TestStore
  let db: PolicyDatabase

  beforeAll(startPostgres, 120_000)
  beforeEach(async () => {
    opened = await open()
    db = opened.store.db.withTables<PolicyTables>()
  })
  afterEach(() => opened.close())

  test('old versions stay known by their hashes, whole and as on chain', async () => {
    const [first, second] = [inForce(1), inForce(2, 2n)]
    await insertVersion(db, first, { at: 10, actor: 'cli:ada' })
    await insertVersion(db, second, { at: 20, actor: 'cli:bob' })
    expect(await readVersion(db, 'marketplace')).toMatchObject({
      version: 2,
      hash: second.hash,
      appliedAt: 20,
      appliedBy: 'cli:bob',
    })
    expect((await listVersions(db, 'marketplace')).map(({ version }) => version)).toEqual([1, 2])
    for (const hash of [
      first.hash,
      first.onChainHash,
      first.onChainHash.toUpperCase().replace('X', 'x'),
    ]) {
      const found = await findByHash(db, hash)
      expect(found).toMatchObject({ version: 1, appliedBy: 'cli:ada' })
      // What is kept hashes to what is on chain.
      expect(parsePolicy(found?.document).hash).toBe(first.hash)
    }
    expect(await findByHash(db, `${first.onChainHash}${'0'.repeat(32)}`)).toBeUndefined()
  })

  test('a source has what is in force, the configuration first, and learns of changes', async () => {
    const configured = parsePolicy(testPolicy({ id: 'configured' }))
    const source = createPolicySource(opened.store, new Map([[configured.id, configured]]))
    const hashes = async () =>
      (await source.policies(['marketplace', 'nothing', 'configured'])).map(({ hash }) => hash)
    expect(await hashes()).toEqual([configured.hash])
    for (const policy of [inForce(1), inForce(2, 2n)]) {
      await insertVersion(db, policy, { at: 10, actor: 'cli:ada' })
      source.changed()
      expect(await hashes()).toEqual([policy.hash, configured.hash])
    }
  })
})

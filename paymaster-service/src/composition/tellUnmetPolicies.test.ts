import { expect, test } from 'vitest'
import { parsePolicy } from '../policy/policy.ts'
import { createPolicySource } from '../policyVersions/policySource.ts'
import { insertVersion } from '../policyVersions/policyVersions.ts'
import type { PolicyTables } from '../policyVersions/tables.ts'
import { openStore } from '../store/openStore.ts'
import { testPolicy } from '../testing/fixtures.ts'
import { storeAreas } from './storeAreas.ts'
import { tellUnmetPolicies } from './tellUnmetPolicies.ts'

test('a stored policy that lost its secret and its price is told at the start, another is not', async () => {
  const store = await openStore('memory', storeAreas)
  const caps = { global: { usd: '5', window: 'day' } } as const
  const willSponsor = { url: 'https://app.example/' }
  for (const document of [testPolicy(), testPolicy({ id: 'asking', caps, willSponsor })])
    await insertVersion(store.db.withTables<PolicyTables>(), parsePolicy(document), {
      at: 1,
      actor: 'cli:ada',
    })
  const told: unknown[] = []
  const tell = (has: boolean) =>
    tellUnmetPolicies(
      store,
      createPolicySource(store, new Map()),
      {
        hasWillSponsorSecret: () => has,
        hasPrice: has,
        hasEstimates: has,
        allowPrivateWebhooks: false,
      },
      { error: (fields: unknown) => told.push(fields) },
    )
  await tell(true)
  expect(told).toEqual([])
  await tell(false)
  expect(told).toMatchObject([
    { policy: 'asking', field: 'willSponsor' },
    { policy: 'asking', field: 'caps' },
  ])
  await store.close()
})

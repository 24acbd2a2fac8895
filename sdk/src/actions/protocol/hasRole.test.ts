import { pad, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { RoleRequiredError } from '../../errors/role.ts'
import { chainWith, me, type Views } from '../../testing/chain.ts'
import { assertRole } from './assertRole.ts'
import { type HasRoleParameters, hasRole } from './hasRole.ts'

const other = '0x2200000000000000000000000000000000000022'
const facts = (renter: `0x${string}`, host: `0x${string}`) => ({
  jobFacts: {
    renter,
    host,
    token: zeroAddress,
    fee: 0n,
    submittedAt: 0n,
    submitted: false,
    completed: false,
  },
})
const plan = (provider: `0x${string}`, meter: `0x${string}`) => ({
  getPlan: { provider, token: zeroAddress, meter, price: 1n, quota: 1n, period: 1, open: true },
})
const model = (publisher: `0x${string}`) => ({
  getModel: { publisher, listedAt: 1, uses: 0, tokens: 0n, metadataHash: pad('0x01') },
})
const votes = (getPastVotes: bigint): Views => ({
  governor: { proposalThreshold: 10n, clock: 99 },
  votesAdapter: { getPastVotes },
})
const member = (isMember: boolean): Views => ({
  emergencyGuardian: { EMERGENCY_ROLE: pad('0x01'), hasRole: isMember },
})

const cases: [HasRoleParameters, Views, Views][] = [
  [{ role: 'host' }, { registry: { isActiveNode: true } }, { registry: { isActiveNode: false } }],
  [
    { role: 'acceptingHost' },
    { registry: { isAcceptingNode: true } },
    { registry: { isAcceptingNode: false } },
  ],
  [
    { role: 'resolver' },
    { proofSystem: { isResolver: true } },
    { proofSystem: { isResolver: false } },
  ],
  [{ role: 'guardian' }, member(true), member(false)],
  [{ role: 'proposer' }, votes(10n), votes(9n)],
  [
    { role: 'arbiter' },
    { marketplace: { arbiter: me } },
    { marketplace: { arbiter: zeroAddress } },
  ],
  [
    { role: 'renter', jobId: 1n },
    { marketplace: facts(me, other) },
    { marketplace: facts(other, me) },
  ],
  [
    { role: 'jobHost', jobId: 1n },
    { marketplace: facts(other, me) },
    { marketplace: facts(me, other) },
  ],
  [
    { role: 'controller', operator: other },
    { registry: { getNodeController: me } },
    { registry: { getNodeController: zeroAddress } },
  ],
  [
    { role: 'publisher', model: 'm' },
    { modelRegistry: model(me) },
    { modelRegistry: model(zeroAddress) },
  ],
  [
    { role: 'provider', planId: 1n },
    { subscriptions: plan(me, other) },
    { subscriptions: plan(other, me) },
  ],
  [
    { role: 'meter', planId: 1n },
    { subscriptions: plan(other, me) },
    { subscriptions: plan(me, other) },
  ],
]

describe.each(cases)('%o', (role, held, notHeld) => {
  test('is held, or not', async () => {
    expect(await hasRole(chainWith(held), role)).toBe(true)
    expect(await hasRole(chainWith(notHeld), role)).toBe(false)
  })

  test('is asserted, or refused with role and account', async () => {
    await expect(assertRole(chainWith(held), role)).resolves.toBeUndefined()
    const refused = assertRole(chainWith(notHeld), role)
    await expect(refused).rejects.toBeInstanceOf(RoleRequiredError)
    await expect(refused).rejects.toMatchObject({ account: me, role })
  })
})

test('only the timelock is governance', async () => {
  const chain = chainWith()
  expect(await hasRole(chain, { role: 'governance' })).toBe(false)
  const account = chain.contracts.timelock
  expect(await hasRole(chain, { role: 'governance', account })).toBe(true)
})

test('the message says which job, model or plan', async () => {
  const refusal = async (role: HasRoleParameters, views: Views) =>
    assertRole(chainWith(views), role).catch((error: Error) => error.message)
  expect(
    await refusal({ role: 'renter', jobId: 7n }, { marketplace: facts(other, other) }),
  ).toContain(`${me} is not the renter of jobId 7.`)
  expect(
    await refusal(
      { role: 'publisher', model: { name: 'llama', version: '3' } },
      { modelRegistry: model(other) },
    ),
  ).toContain(`${me} is not the publisher of model llama 3.`)
  expect(await refusal({ role: 'arbiter' }, { marketplace: { arbiter: other } })).toContain(
    `${me} is not the arbiter.`,
  )
})

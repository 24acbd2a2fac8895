import { createClient, custom, type Hash } from 'viem'
import { foundry, mainnet } from 'viem/chains'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { SessionGrant } from '../accounts/session/sessionGrant.ts'
import { toSessionAccount } from '../accounts/session/toSessionAccount.ts'
import { claimJob } from '../actions/marketplace/claimJob.ts'
import { postJob } from '../actions/marketplace/postJob.ts'
import { ContractsNotFoundError } from '../errors/configuration.ts'
import { SessionGrantInvalidError } from '../errors/session.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { type TokenAmount, usdc } from '../units/amounts.ts'
import { createFabstirClient, type FabstirClient } from './createFabstirClient.ts'
import { stakingActions } from './decorators/stakingActions.ts'

const transport = custom({ request: async () => '0x' })
const key = {
  address: '0x1100000000000000000000000000000000000011',
  signTypedData: async () => '0x' as const,
} as const
const grant: SessionGrant = {
  version: 1,
  chainId: contracts.chainId,
  account: '0x3300000000000000000000000000000000000033',
  entryPoint: '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108',
  factory: '0x4400000000000000000000000000000000000044',
  factoryData: '0x',
  policy: {
    key: key.address,
    validAfter: 0,
    validUntil: 1,
    uses: 1,
    calls: [],
    limits: [],
    pins: [],
    payers: [],
    maxGasCost: '0',
  },
}
const chainClient = createClient({ chain: foundry, transport })
const account = toSessionAccount({ client: chainClient, grant, key, contracts })

describe('createFabstirClient', () => {
  test('takes client, contracts and EntryPoint from the account', () => {
    const client = createFabstirClient({ account, transport })
    expect(client.client).toBe(chainClient)
    expect(client.contracts).toBe(contracts)
    expect(client.deployment.entryPointVersion).toBe('0.8')
    expect(client.wait).toEqual({ pollingInterval: 100, timeout: 120_000 })
  })

  test('refuses contracts of another chain', () => {
    expect(() => createFabstirClient({ account, chain: mainnet, transport })).toThrow(
      ContractsNotFoundError,
    )
  })

  test('withSession keeps the type and the configuration, and signs with the key', () => {
    const client = createFabstirClient({ account, transport, timeout: 7 })
    const app = client.withSession(grant, key)
    expect(app.session).toEqual(grant)
    expect(app.wait.timeout).toBe(7)
    expect(app.account.address).toBe(grant.account)
    expectTypeOf(app).toEqualTypeOf<FabstirClient>()
  })

  test.each([
    { field: 'account', value: '0x5500000000000000000000000000000000000055' },
    { field: 'chainId', value: mainnet.id },
  ])('withSession refuses a grant of $field $value', ({ field, value }) => {
    const client = createFabstirClient({ account, transport })
    const other = { ...grant, [field]: value } as SessionGrant
    for (const given of [other, JSON.stringify(other)]) {
      const open = () => client.withSession(given, key)
      expect(open).toThrow(SessionGrantInvalidError)
      expect(open).toThrow(`The grant has ${field} ${value}, which is not the client's.`)
    }
  })
})

describe('extend', () => {
  const seen: FabstirClient[] = []
  const more = (client: FabstirClient) => {
    seen.push(client)
    return { addressOfClient: () => client.account.address }
  }

  test('adds actions that are bound to the client, one group after the other', () => {
    const client = createFabstirClient({ account, transport, timeout: 7 })
    const extended = client.extend(more).extend(stakingActions)
    expect(extended.addressOfClient()).toBe(grant.account)
    expect(extended.stakeSync).toBeTypeOf('function')
    expect(extended.wait.timeout).toBe(7)
    expect(seen.at(-1)).toBe(extended)
    expect('stakeSync' in client).toBe(false)
    expectTypeOf(extended).toExtend<FabstirClient>()
  })

  test('shares nonces with the client that it was made from', () => {
    const client = createFabstirClient({ account, transport })
    expect(client.extend(more).lanes).toBe(client.lanes)
  })

  test('a session key gets the same actions, signed by itself', () => {
    const app = createFabstirClient({ account, transport }).extend(more).withSession(grant, key)
    expect(app.session).toEqual(grant)
    expect(app.addressOfClient()).toBe(grant.account)
    expect(seen.at(-1)).toBe(app)
  })
})

test('the types of results are inferred', () => {
  const client = createFabstirClient({ account, transport })
  expectTypeOf(client.registerHost).returns.resolves.toEqualTypeOf<Hash>()
  expectTypeOf(client.registerHostSync).returns.resolves.toHaveProperty('node')
  expectTypeOf(client.openSessionSync)
    .returns.resolves.toHaveProperty('sessionId')
    .toEqualTypeOf<bigint>()
  expectTypeOf(client.checkpointSync)
    .returns.resolves.toHaveProperty('userOperationHash')
    .toEqualTypeOf<Hash>()
  expectTypeOf(claimJob.extractEvent).returns.toHaveProperty('jobId').toEqualTypeOf<bigint>()

  const job = { model: 'm', prompt: 'p', payment: usdc(1) }
  const send = () => client.batchSync([postJob.call(job), claimJob.call({ jobId: 1n })])
  type Events = Awaited<ReturnType<typeof send>>
  expectTypeOf<Events>().toHaveProperty('length').toEqualTypeOf<2>()
  expectTypeOf<Events[0]>().toHaveProperty('model').toEqualTypeOf<string>()
  expectTypeOf<Events[1]>().toHaveProperty('host')

  const owed = () => client.withdrawable({ token: 'usdc' })
  expectTypeOf(owed).returns.resolves.toEqualTypeOf<TokenAmount<'usdc'>>()

  // @ts-expect-error the stake is FAB
  expectTypeOf(client.registerHost).toBeCallableWith({ models: [], stake: usdc(1) })
})

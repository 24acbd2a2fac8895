import {
  type Client,
  createClient,
  custom,
  type EIP1193Provider,
  type LocalAccount,
  type WalletClient,
} from 'viem'
import type { SmartAccount, WebAuthnAccount } from 'viem/account-abstraction'
import { foundry } from 'viem/chains'
import { describe, expectTypeOf, test } from 'vitest'
import { type FabstirAccount, toFabstirAccount } from '../accounts/fabstir/toFabstirAccount.ts'
import type { P256Key } from '../accounts/keys/p256Signer.ts'
import type { SessionGrant } from '../accounts/session/sessionGrant.ts'
import type { SessionAccount } from '../accounts/session/toSessionAccount.ts'
import { grantSession } from '../actions/session/grantSession.ts'
import type { GrantSessionEvent } from '../actions/session/installSession.ts'
import { revokeAllSessions } from '../actions/session/revokeAllSessions.ts'
import { fab, usdc } from '../units/amounts.ts'
import type { FabstirClient } from './createFabstirClient.ts'

const client = createClient({ chain: foundry, transport: custom({ request: async () => '0x' }) })
const key = '0x1100000000000000000000000000000000000011'
const terms = { key, expiresIn: '1h', scope: ['claimJob'] } as const

describe('owners', () => {
  test('of every kind make the same account, without a type argument', () => {
    const make = (owner: LocalAccount | WebAuthnAccount | P256Key | EIP1193Provider) =>
      toFabstirAccount({ client, owner })
    expectTypeOf(make).returns.resolves.toEqualTypeOf<FabstirAccount>()
    const byWallet = (owner: WalletClient<ReturnType<typeof custom>, undefined, LocalAccount>) =>
      toFabstirAccount({ client, owner, eip7702: true })
    expectTypeOf(byWallet).returns.resolves.toEqualTypeOf<FabstirAccount>()
    expectTypeOf<FabstirAccount>().toExtend<SmartAccount>()
    expectTypeOf<SessionAccount>().toExtend<SmartAccount>()
    expectTypeOf<FabstirAccount['authorization']>().toBeNullable()
  })

  test('that cannot be are refused by the compiler', () => {
    const owner = {} as LocalAccount
    // @ts-expect-error an EOA has one account
    expectTypeOf(toFabstirAccount).toBeCallableWith({ client, owner, eip7702: true, salt: 1n })
    // @ts-expect-error a private key is no owner
    expectTypeOf(toFabstirAccount).toBeCallableWith({ client, owner: key })
    // @ts-expect-error nor is the client of a chain
    expectTypeOf(toFabstirAccount).toBeCallableWith({ client, owner: {} as Client })
  })
})

describe('grants', () => {
  const grant = {} as FabstirClient['grantSession']

  test('take scopes and amounts as literals', () => {
    expectTypeOf(grant).toBeCallableWith({
      ...terms,
      key: {} as WebAuthnAccount,
      scope: [
        'claimJob',
        { name: 'releasePayment', jobs: [1n] },
        { name: 'transfer', token: 'usdc', to: [key] },
        { name: 'openSession', hosts: [key] },
        { target: key, selector: '0x12345678' },
      ],
      spend: { usdc: { total: usdc(1), perCall: usdc(1) }, fab: { total: fab(1) } },
    })
    expectTypeOf(grant).returns.resolves.toEqualTypeOf<SessionGrant>()
    expectTypeOf(grantSession.call(terms).takeEvent).returns.toEqualTypeOf<{
      event: GrantSessionEvent
      rest: import('viem').Log[]
    }>()
    expectTypeOf(grantSession.extractEvent).returns.toHaveProperty('policyHash')
    expectTypeOf(revokeAllSessions.extractEvent).returns.toEqualTypeOf<{ epoch: number }>()
    expectTypeOf<FabstirClient['listSessionKeys']>().returns.resolves.toExtend<
      readonly { usesLeft: number; limits: readonly { left: bigint }[] }[]
    >()
  })

  test('that the account would refuse are refused by the compiler', () => {
    // @ts-expect-error it pays hosts, so the jobs have to be named
    expectTypeOf(grant).toBeCallableWith({ ...terms, scope: ['releasePayment'] })
    // @ts-expect-error there is no such scope
    expectTypeOf(grant).toBeCallableWith({ ...terms, scope: ['disputeJob'] })
    // @ts-expect-error claims are narrowed to jobs
    expectTypeOf(grant).toBeCallableWith({ ...terms, scope: [{ name: 'claimJob', hosts: [key] }] })
    const toEth = { name: 'transfer', token: 'eth', to: [key] } as const
    // @ts-expect-error ETH is sent with a call, not transferred
    expectTypeOf(grant).toBeCallableWith({ ...terms, scope: [toEth] })
    // @ts-expect-error the limit of USDC is in USDC
    expectTypeOf(grant).toBeCallableWith({ ...terms, spend: { usdc: { total: fab(1) } } })
    // @ts-expect-error durations have a unit
    expectTypeOf(grant).toBeCallableWith({ ...terms, expiresIn: '24' })
  })
})

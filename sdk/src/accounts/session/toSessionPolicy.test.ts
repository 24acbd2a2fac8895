import { keccak256, slice, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { resolveDeployment } from '../../contracts/addressBooks.ts'
import { TokenMismatchError } from '../../errors/amount.ts'
import { SessionPolicyInvalidError } from '../../errors/session.ts'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { eth, fab, usdc } from '../../units/amounts.ts'
import { type SessionPolicyParameters, toSessionPolicy } from './toSessionPolicy.ts'

const deployment = resolveDeployment(contracts, '0.9')
const key = '0x00000000000000000000000000000000000000aa'
const account = '0x00000000000000000000000000000000000000cc'
type Lasting = Extract<SessionPolicyParameters, { expiresAt?: undefined }>
const policy = (parameters: Partial<Lasting>) =>
  toSessionPolicy(
    { key, expiresIn: '24h', scope: ['claimJob'], ...parameters },
    { contracts, deployment, account, now: 1_000_000 },
  )

describe('toSessionPolicy', () => {
  test('by default: 1,000 uses, no spending, only the sponsor paymaster of the EntryPoint pays', () => {
    expect(policy({})).toMatchObject({
      validAfter: 0,
      validUntil: 1_086_400,
      uses: 1000,
      limits: [],
      payers: [deployment.sponsorPaymaster],
      maxGasCost: 0n,
    })
  })

  test('ends at the second that is named', () => {
    const context = { contracts, deployment, account, now: 1_000_000 } as const
    const ending = (expiresAt: number) =>
      toSessionPolicy({ key, expiresAt, scope: ['claimJob'] }, context)
    expect(ending(1_000_007).validUntil).toBe(1_000_007)
    expect(() => ending(1_000_001 + 365 * 86_400)).toThrow(SessionPolicyInvalidError)
  })

  test('ends after the latest block: one that is over already would be signed for nothing', () => {
    const context = { contracts, deployment, account, now: 1_000_000 } as const
    const ending = (expiresAt: number) =>
      toSessionPolicy({ key, expiresAt, scope: ['claimJob'] }, context)
    expect(ending(1_000_001).validUntil).toBe(1_000_001)
    expect(() => ending(1_000_000)).toThrow('validUntil: it has 1000000, bound 1000000')
  })

  test('limits are per token, per call as in total unless said', () => {
    const spend = { usdc: { total: usdc(20), perCall: usdc(5) }, eth: { total: eth(1) } }
    expect(policy({ spend }).limits).toEqual([
      { token: contracts.usdc, total: 20_000_000n, perCall: 5_000_000n },
      { token: zeroAddress, total: 10n ** 18n, perCall: 10n ** 18n },
    ])
  })

  test('a token by its address takes amounts of that address', () => {
    const token = '0x00000000000000000000000000000000000000ff'
    const spend = { [token]: { total: { token, value: 9n } } } as const
    expect(policy({ spend }).limits).toEqual([{ token, total: 9n, perCall: 9n }])
  })

  test.each([
    { expiresIn: '364d', seconds: 364 * 86_400 },
    { expiresIn: '365d', seconds: 365 * 86_400 - 300 },
  ] as const)(
    '$expiresIn leaves room for clocks below the limit only',
    ({ expiresIn, seconds }) => {
      expect(policy({ expiresIn }).validUntil).toBe(1_000_000 + seconds)
    },
  )

  test('366d is more than the account allows', () => {
    expect(() => policy({ expiresIn: '366d' })).toThrow(SessionPolicyInvalidError)
    expect(() => policy({ expiresIn: '366d' })).toThrow(
      `validUntil: it has ${1_000_000 + 366 * 86_400}, bound ${1_000_000 + 365 * 86_400}`,
    )
  })

  test('a start is counted from now, as the end is', () => {
    expect(policy({ startsIn: '1h', expiresIn: '2h' })).toMatchObject({
      validAfter: 1_003_600,
      validUntil: 1_007_200,
    })
  })

  test('a P-256 key is named by its public key', () => {
    const publicKey =
      '0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'
    expect(policy({ key: { publicKey } }).key).toBe(slice(keccak256(publicKey), 12))
    expect(policy({ key: { address: key } }).key).toBe(key)
  })

  test('an amount in another token is refused', () => {
    const spend = { usdc: { total: fab(1) } } as unknown as {
      usdc: { total: ReturnType<typeof usdc> }
    }
    expect(() => policy({ spend })).toThrow(TokenMismatchError)
  })
})

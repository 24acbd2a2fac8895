import type { AddressBook } from '@fabstir/contracts/addressBook'
import type { Address } from 'viem'
import { tokenAddress } from '../../contracts/tokens.ts'
import { TokenMismatchError } from '../../errors/amount.ts'
import type { Token, TokenAmount, TokenSymbol } from '../../units/amounts.ts'
import { type Duration, toSeconds } from '../../units/duration.ts'
import { type SessionKeyName, sessionKeyAddress } from '../keys/sessionKeyAddress.ts'
import { type CheckPolicyContext, checkPolicy } from './checkPolicy.ts'
import type { SessionScope } from './scopes.ts'
import type { SessionPolicy, TokenLimit } from './sessionPolicy.ts'
import { toPermissions } from './toPermissions.ts'

/** What a key may move of a token. `perCall` is the total by default. */
export type SpendLimit<token extends Token = Token> = {
  total: TokenAmount<token>
  perCall?: TokenAmount<token> | undefined
}

/** Limits by token: by name, or by address for any other one. */
export type SpendLimits = { [name in TokenSymbol]?: SpendLimit<name> | undefined } & {
  [address: Address]: SpendLimit<Address> | undefined
}

export type SessionPolicyParameters = {
  /** The key that gets the grant: its address, or the key itself. Of a P-256 key the public key is enough. */
  key: SessionKeyName
  /** At once by default. */
  startsIn?: Duration | undefined
  /** Operations that the key may send. 1,000 by default. */
  uses?: number | undefined
  /** What it may do, by name, narrowed to some hosts or ids, or as any other function. */
  scope: readonly SessionScope[]
  /** What it may spend. Nothing by default. */
  spend?: SpendLimits | undefined
  /** Paymasters that may pay for it; the chain's sponsor paymaster by default. */
  payers?: readonly Address[] | undefined
  /** Wei that one operation may cost the account itself; by default only `payers` pay. */
  maxGasCost?: bigint | undefined
} & Expiry

/** When a key ends: up to 365 days from the chain's latest block. */
type Expiry =
  | { expiresIn: Duration; expiresAt?: undefined }
  | {
      /** Unix seconds. */
      expiresAt: number
      expiresIn?: undefined
    }

/**
 * The policy that the account stores, from what a person would say.
 * @throws {TokenMismatchError} When an amount is in another token than the limit that it stands under.
 * @throws {SessionScopeError} When there is no scope of a name.
 * @throws {SessionPolicyInvalidError} When the account would refuse it.
 */
export function toSessionPolicy(
  parameters: SessionPolicyParameters,
  context: CheckPolicyContext,
): SessionPolicy {
  const { contracts, deployment, account, now } = context
  const {
    expiresIn,
    expiresAt,
    startsIn,
    scope,
    spend = {},
    uses = 1000,
    maxGasCost = 0n,
  } = parameters
  const spends = Object.entries(spend).flatMap(([token, limit]) =>
    limit ? [[token as Token, limit as SpendLimit] as const] : [],
  )
  const policy = {
    key: sessionKeyAddress(parameters.key),
    validAfter: startsIn === undefined ? 0 : now + toSeconds(startsIn),
    validUntil: expiresAt ?? now + lifetime(toSeconds(expiresIn)),
    uses,
    ...toPermissions(scope, { contracts, account, spend: spends.map(([token]) => token) }),
    limits: spends.map(([token, limit]) => toLimit(contracts, token, limit)),
    payers: parameters.payers ?? [deployment.sponsorPaymaster],
    maxGasCost,
  }
  checkPolicy(policy, context)
  return policy
}

function toLimit(
  contracts: AddressBook,
  token: Token,
  { total, perCall = total }: SpendLimit,
): TokenLimit {
  for (const amount of [total, perCall])
    if (amount.token !== token)
      throw new TokenMismatchError({ field: 'spend', token: amount.token, expected: token })
  return { token: tokenAddress(contracts, token), perCall: perCall.value, total: total.value }
}

const year = 365 * 86_400

/** The whole 365 days that the account allows end five minutes early: a clock may be ahead of the chain. */
function lifetime(seconds: number): number {
  return seconds > year ? seconds : Math.min(seconds, year - 300)
}

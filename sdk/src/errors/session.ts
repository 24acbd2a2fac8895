import type { Address, Hex } from 'viem'
import { formatUnits } from 'viem'
import { FabstirError, type ValuesOf } from './base.ts'
import { showTime } from './showTime.ts'

/**
 * The account does not know the key, or no longer: it was never granted, was revoked, belongs to an earlier epoch, or
 * its signed grant was cancelled before its first use.
 */
export class SessionKeyNotActiveError extends FabstirError {
  override name = 'SessionKeyNotActiveError'
  declare key: Address

  constructor(values: ValuesOf<SessionKeyNotActiveError>) {
    super(`Session key ${values.key} is not active.`, {
      ...values,
      metaMessages: ['It was never granted, or its owner revoked it or cancelled its grant.'],
    })
  }
}

/** The time of the grant is over or has not begun. */
export class SessionKeyExpiredError extends FabstirError {
  override name = 'SessionKeyExpiredError'
  declare key: Address
  /** Unix seconds. */
  declare validAfter: number
  /** Unix seconds. */
  declare validUntil: number

  constructor(values: ValuesOf<SessionKeyExpiredError>) {
    const { key, validUntil } = values
    super(`Session key ${key} is out of its time (until ${showTime(validUntil)}).`, values)
  }
}

/** The key has sent as many operations as it was granted. */
export class SessionUsesExhaustedError extends FabstirError {
  override name = 'SessionUsesExhaustedError'
  declare key: Address

  constructor(values: ValuesOf<SessionUsesExhaustedError>) {
    super(`Session key ${values.key} has no uses left.`, values)
  }
}

/** The call would move more than the grant still allows, per call or in total. */
export class SessionSpendLimitExceededError extends FabstirError {
  override name = 'SessionSpendLimitExceededError'
  declare key: Address
  /** Symbol of a named token, else its address. */
  declare token: string
  /** Smallest unit of the token. */
  declare left: bigint
  /** Smallest unit of the token. */
  declare asked: bigint

  constructor({
    decimals = 0,
    ...values
  }: ValuesOf<SessionSpendLimitExceededError> & { decimals?: number | undefined }) {
    const show = (value: bigint) => `${formatUnits(value, decimals)} ${values.token}`
    super(
      `Session key ${values.key} asked for ${show(values.asked)}, but ${show(values.left)} are left.`,
      values,
    )
  }
}

/** The grant does not name this function of this target. */
export class SessionCallNotAllowedError extends FabstirError {
  override name = 'SessionCallNotAllowedError'
  declare key: Address
  declare target: Address
  declare selector: Hex

  constructor(values: ValuesOf<SessionCallNotAllowedError>) {
    const { key, target, selector } = values
    super(`Session key ${key} may not call ${selector} of ${target}.`, values)
  }
}

/** An argument of the call is not one of the values that the grant pins it to. */
export class SessionArgumentNotAllowedError extends FabstirError {
  override name = 'SessionArgumentNotAllowedError'
  declare key: Address
  declare target: Address
  declare selector: Hex
  /** Position of the 32-byte word after the selector, from 0. */
  declare index: bigint
  declare value: Hex

  constructor(values: ValuesOf<SessionArgumentNotAllowedError>) {
    const { key, target, selector, index, value } = values
    super(
      `Session key ${key} may not call ${selector} of ${target} with ${value} as argument ${index}.`,
      values,
    )
  }
}

/** The grant does not let this paymaster, or the account itself, pay for the operation. */
export class SessionPayerNotAllowedError extends FabstirError {
  override name = 'SessionPayerNotAllowedError'
  declare key: Address
  /** Zero address: the account itself. */
  declare payer: Address

  constructor(values: ValuesOf<SessionPayerNotAllowedError>) {
    super(`Operations of session key ${values.key} may not be paid by ${values.payer}.`, {
      ...values,
      metaMessages: ['The zero address stands for the account itself.'],
    })
  }
}

/** The account itself would pay more for the operation than the grant allows. */
export class SessionGasCostExceededError extends FabstirError {
  override name = 'SessionGasCostExceededError'
  declare key: Address
  /** Wei. */
  declare cost: bigint
  /** Wei. */
  declare maxGasCost: bigint

  constructor(values: ValuesOf<SessionGasCostExceededError>) {
    const { key, cost, maxGasCost } = values
    super(
      `The operation of session key ${key} may cost ${cost} wei, more than the ${maxGasCost} it is allowed.`,
      values,
    )
  }
}

/** A scope that there is none of, or that means nothing. */
export class SessionScopeError extends FabstirError {
  override name = 'SessionScopeError'
  declare scope: string

  constructor({ scope, problem }: { scope: string; problem: string }) {
    super(`The scope '${scope}' cannot be granted: ${problem}.`, { scope })
  }
}

/** The policy of a grant breaks a rule of the account. */
export class SessionPolicyInvalidError extends FabstirError {
  override name = 'SessionPolicyInvalidError'
  /** What the rule is about, as the account names it: like `uses` or `calls.selector`. */
  declare field: string
  declare value: bigint
  /** The limit that `value` breaks; 0 where there is none to tell. */
  declare bound: bigint

  constructor({
    problem,
    ...values
  }: ValuesOf<SessionPolicyInvalidError> & { problem?: string | undefined }) {
    const { field, value, bound } = values
    super(`The policy of the grant breaks the rule on ${field}: it has ${value}, bound ${bound}.`, {
      ...values,
      metaMessages: problem ? [problem] : undefined,
    })
  }
}

/**
 * No grant, a damaged one, or one that this version of the package does not understand; or one of another account or
 * chain than the client's.
 */
export class SessionGrantInvalidError extends FabstirError {
  override name = 'SessionGrantInvalidError'
  /** Path of the field, like `policy.limits[0].total`. */
  declare field: string

  constructor({
    value,
    problem = 'not supported',
    ...values
  }: ValuesOf<SessionGrantInvalidError> & { value: unknown; problem?: string | undefined }) {
    super(`The grant has ${values.field} ${show(value)}, which is ${problem}.`, values)
  }
}

const show = (value: unknown) =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)

/** The grant was made for another key than the one that was given. */
export class SessionKeyMismatchError extends FabstirError {
  override name = 'SessionKeyMismatchError'
  declare granted: Address
  declare key: Address

  constructor(values: ValuesOf<SessionKeyMismatchError>) {
    super(`The grant is for session key ${values.granted}, not for ${values.key}.`, values)
  }
}

/** Session keys sign operations only: a message signed by one would speak for the owner. */
export class SessionKeySigningError extends FabstirError {
  override name = 'SessionKeySigningError'
  declare key: Address

  constructor(values: ValuesOf<SessionKeySigningError>) {
    super(`Session key ${values.key} cannot sign messages for the account.`, values)
  }
}

/** Only accounts of this package have session keys: the client's is of another kind, or behind a wallet. */
export class SessionKeysNotSupportedError extends FabstirError {
  override name = 'SessionKeysNotSupportedError'
  declare account: Address

  constructor(values: ValuesOf<SessionKeysNotSupportedError>) {
    super(`Account ${values.account} has no session keys.`, {
      ...values,
      metaMessages: ['Use a client whose account was made by toFabstirAccount.'],
    })
  }
}

/** Granting takes the owner: the client's account does not sign with an owner key. */
export class OwnerNotFoundError extends FabstirError {
  override name = 'OwnerNotFoundError'
  declare account: Address

  constructor(values: ValuesOf<OwnerNotFoundError>) {
    super(`The client does not sign for ${values.account} as its owner.`, {
      ...values,
      metaMessages: ['Use a client whose account was made by toFabstirAccount.'],
    })
  }
}

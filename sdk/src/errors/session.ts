import type { Address, Hex } from 'viem'
import { formatUnits } from 'viem'
import { FabstirError } from './base.ts'

type Cause = { cause?: Error | undefined }

/**
 * The account does not know the key, or no longer: it was never granted, was revoked, belongs to an earlier epoch, or
 * its signed grant was cancelled before its first use.
 */
export class SessionKeyNotActiveError extends FabstirError {
  override name = 'SessionKeyNotActiveError'
  key: Address

  constructor({ key, cause }: { key: Address } & Cause) {
    super(`Session key ${key} is not active.`, {
      cause,
      metaMessages: ['It was never granted, or its owner revoked it or cancelled its grant.'],
    })
    this.key = key
  }
}

/** The time of the grant is over or has not begun. */
export class SessionKeyExpiredError extends FabstirError {
  override name = 'SessionKeyExpiredError'
  key: Address
  /** Unix seconds. */
  validAfter: number
  /** Unix seconds. */
  validUntil: number

  constructor({
    key,
    validAfter,
    validUntil,
    cause,
  }: { key: Address; validAfter: number; validUntil: number } & Cause) {
    const until = new Date(validUntil * 1000).toISOString()
    super(`Session key ${key} is out of its time (until ${until}).`, { cause })
    this.key = key
    this.validAfter = validAfter
    this.validUntil = validUntil
  }
}

/** The key has sent as many operations as it was granted. */
export class SessionUsesExhaustedError extends FabstirError {
  override name = 'SessionUsesExhaustedError'
  key: Address

  constructor({ key, cause }: { key: Address } & Cause) {
    super(`Session key ${key} has no uses left.`, { cause })
    this.key = key
  }
}

/** The call would move more than the grant still allows, per call or in total. */
export class SessionSpendLimitExceededError extends FabstirError {
  override name = 'SessionSpendLimitExceededError'
  key: Address
  /** Symbol of a named token, else its address. */
  token: string
  /** Smallest unit of the token. */
  left: bigint
  /** Smallest unit of the token. */
  asked: bigint

  constructor({
    key,
    token,
    decimals,
    left,
    asked,
    cause,
  }: {
    key: Address
    token: string
    decimals?: number | undefined
    left: bigint
    asked: bigint
  } & Cause) {
    const show = (value: bigint) => `${formatUnits(value, decimals ?? 0)} ${token}`
    super(`Session key ${key} asked for ${show(asked)}, but ${show(left)} are left.`, { cause })
    this.key = key
    this.token = token
    this.left = left
    this.asked = asked
  }
}

/** The grant does not name this function of this target. */
export class SessionCallNotAllowedError extends FabstirError {
  override name = 'SessionCallNotAllowedError'
  key: Address
  target: Address
  selector: Hex

  constructor({
    key,
    target,
    selector,
    cause,
  }: { key: Address; target: Address; selector: Hex } & Cause) {
    super(`Session key ${key} may not call ${selector} of ${target}.`, { cause })
    this.key = key
    this.target = target
    this.selector = selector
  }
}

/** An argument of the call is not one of the values that the grant pins it to. */
export class SessionArgumentNotAllowedError extends FabstirError {
  override name = 'SessionArgumentNotAllowedError'
  key: Address
  target: Address
  selector: Hex
  /** Position of the 32-byte word after the selector, from 0. */
  index: bigint
  value: Hex

  constructor({
    key,
    target,
    selector,
    index,
    value,
    cause,
  }: { key: Address; target: Address; selector: Hex; index: bigint; value: Hex } & Cause) {
    super(
      `Session key ${key} may not call ${selector} of ${target} with ${value} as argument ${index}.`,
      { cause },
    )
    this.key = key
    this.target = target
    this.selector = selector
    this.index = index
    this.value = value
  }
}

/** The grant does not let this paymaster, or the account itself, pay for the operation. */
export class SessionPayerNotAllowedError extends FabstirError {
  override name = 'SessionPayerNotAllowedError'
  key: Address
  /** Zero address: the account itself. */
  payer: Address

  constructor({ key, payer, cause }: { key: Address; payer: Address } & Cause) {
    super(`Operations of session key ${key} may not be paid by ${payer}.`, {
      cause,
      metaMessages: ['The zero address stands for the account itself.'],
    })
    this.key = key
    this.payer = payer
  }
}

/** The account itself would pay more for the operation than the grant allows. */
export class SessionGasCostExceededError extends FabstirError {
  override name = 'SessionGasCostExceededError'
  key: Address
  /** Wei. */
  cost: bigint
  /** Wei. */
  maxGasCost: bigint

  constructor({
    key,
    cost,
    maxGasCost,
    cause,
  }: { key: Address; cost: bigint; maxGasCost: bigint } & Cause) {
    super(
      `The operation of session key ${key} may cost ${cost} wei, more than the ${maxGasCost} it is allowed.`,
      { cause },
    )
    this.key = key
    this.cost = cost
    this.maxGasCost = maxGasCost
  }
}

/** A scope that there is none of, or that means nothing. */
export class SessionScopeError extends FabstirError {
  override name = 'SessionScopeError'
  scope: string

  constructor({ scope, problem }: { scope: string; problem: string }) {
    super(`The scope '${scope}' cannot be granted: ${problem}.`)
    this.scope = scope
  }
}

/** The policy of a grant breaks a rule of the account. */
export class SessionPolicyInvalidError extends FabstirError {
  override name = 'SessionPolicyInvalidError'
  /** What the rule is about, as the account names it: like `uses` or `calls.selector`. */
  field: string
  value: bigint
  /** The limit that `value` breaks; 0 where there is none to tell. */
  bound: bigint

  constructor({
    field,
    value,
    bound,
    problem,
    cause,
  }: {
    field: string
    value: bigint
    bound: bigint
    problem?: string | undefined
    cause?: Error | undefined
  }) {
    super(`The policy of the grant breaks the rule on ${field}: it has ${value}, bound ${bound}.`, {
      cause,
      metaMessages: problem ? [problem] : undefined,
    })
    this.field = field
    this.value = value
    this.bound = bound
  }
}

/** No grant, a damaged one, or one that this version of the package does not understand. */
export class SessionGrantInvalidError extends FabstirError {
  override name = 'SessionGrantInvalidError'
  /** Path of the field, like `policy.limits[0].total`. */
  field: string

  constructor({ field, value, cause }: { field: string; value: unknown } & Cause) {
    super(`The grant has ${field} ${show(value)}, which is not supported.`, { cause })
    this.field = field
  }
}

const show = (value: unknown) =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)

/** The grant was made for another key than the one that was given. */
export class SessionKeyMismatchError extends FabstirError {
  override name = 'SessionKeyMismatchError'
  granted: Address
  key: Address

  constructor({ granted, key }: { granted: Address; key: Address }) {
    super(`The grant is for session key ${granted}, not for ${key}.`)
    this.granted = granted
    this.key = key
  }
}

/** Session keys sign operations only: a message signed by one would speak for the owner. */
export class SessionKeySigningError extends FabstirError {
  override name = 'SessionKeySigningError'
  key: Address

  constructor({ key }: { key: Address }) {
    super(`Session key ${key} cannot sign messages for the account.`)
    this.key = key
  }
}

/** Only accounts of this package have session keys: the client's is of another kind, or behind a wallet. */
export class SessionKeysNotSupportedError extends FabstirError {
  override name = 'SessionKeysNotSupportedError'
  account: Address

  constructor({ account }: { account: Address }) {
    super(`Account ${account} has no session keys.`, {
      metaMessages: ['Use a client whose account was made by toFabstirAccount.'],
    })
    this.account = account
  }
}

/** Granting takes the owner: the client's account does not sign with an owner key. */
export class OwnerNotFoundError extends FabstirError {
  override name = 'OwnerNotFoundError'
  account: Address

  constructor({ account }: { account: Address }) {
    super(`The client does not sign for ${account} as its owner.`, {
      metaMessages: ['Use a client whose account was made by toFabstirAccount.'],
    })
    this.account = account
  }
}

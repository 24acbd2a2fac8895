import { type Address, formatUnits } from 'viem'
import { FabstirError } from './base.ts'

/** A text that is not an amount of the token. */
export class AmountError extends FabstirError {
  override name = 'AmountError'
  amount: string

  constructor({ amount, token, decimals }: { amount: string; token: string; decimals: number }) {
    super(`"${amount}" is not an amount of ${token.toUpperCase()}.`, {
      metaMessages: [`Expected a decimal number with at most ${decimals} decimals.`],
    })
    this.amount = amount
  }
}

/** The account holds less than the calls would move. Nothing was signed or sent. */
export class InsufficientBalanceError extends FabstirError {
  override name = 'InsufficientBalanceError'
  account: Address
  /** Symbol of a named token, else its address. */
  token: string
  /** Smallest unit of the token. */
  required: bigint
  /** Smallest unit of the token. */
  available: bigint

  constructor({
    account,
    token,
    decimals,
    required,
    available,
  }: {
    account: Address
    token: string
    /** Of the token, when known: the message then speaks in whole tokens. */
    decimals?: number | undefined
    required: bigint
    available: bigint
  }) {
    const show = (value: bigint) => formatUnits(value, decimals ?? 0)
    super(`${account} holds ${show(available)} ${token}, but ${show(required)} are needed.`)
    this.account = account
    this.token = token
    this.required = required
    this.available = available
  }
}

/** A price or payment in another token than the deposit, or in one that the call does not take. */
export class TokenMismatchError extends FabstirError {
  override name = 'TokenMismatchError'
  field: string
  token: string
  expected: string

  constructor({ field, token, expected }: { field: string; token: string; expected: string }) {
    super(`"${field}" is in ${token}, but ${expected} is expected.`)
    this.field = field
    this.token = token
    this.expected = expected
  }
}

/** An offer without any price. */
export class PriceRequiredError extends FabstirError {
  override name = 'PriceRequiredError'

  constructor() {
    super('An offer needs "pricePer1000", "pricePerMinute", or both.')
  }
}

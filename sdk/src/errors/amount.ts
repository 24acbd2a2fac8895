import { type Address, formatUnits } from 'viem'
import { FabstirError, type ValuesOf } from './base.ts'

/** A text that is not an amount of the token. */
export class AmountError extends FabstirError {
  override name = 'AmountError'
  declare amount: string

  constructor({ amount, token, decimals }: { amount: string; token: string; decimals: number }) {
    super(`"${amount}" is not an amount of ${token.toUpperCase()}.`, {
      amount,
      metaMessages: [`Expected a decimal number with at most ${decimals} decimals.`],
    })
  }
}

/** The account holds less than the calls would move. Nothing was signed or sent. */
export class InsufficientBalanceError extends FabstirError {
  override name = 'InsufficientBalanceError'
  declare account: Address
  /** Symbol of a named token, else its address. */
  declare token: string
  /** Smallest unit of the token. */
  declare required: bigint
  /** Smallest unit of the token. */
  declare available: bigint

  constructor({
    decimals = 0,
    ...values
  }: ValuesOf<InsufficientBalanceError> & {
    /** Of the token, when known: the message then speaks in whole tokens. */
    decimals?: number | undefined
  }) {
    const { account, token, required, available } = values
    const show = (value: bigint) => formatUnits(value, decimals)
    super(`${account} holds ${show(available)} ${token}, but ${show(required)} are needed.`, values)
  }
}

/** A price or payment in another token than the deposit, or in one that the call does not take. */
export class TokenMismatchError extends FabstirError {
  override name = 'TokenMismatchError'
  declare field: string
  declare token: string
  declare expected: string

  constructor(values: ValuesOf<TokenMismatchError>) {
    super(`"${values.field}" is in ${values.token}, but ${values.expected} is expected.`, values)
  }
}

/** An offer without any price. */
export class PriceRequiredError extends FabstirError {
  override name = 'PriceRequiredError'

  constructor() {
    super('An offer needs "pricePer1000", "pricePerMinute", or both.')
  }
}

import { type Address, parseUnits } from 'viem'
import { AmountError } from '../errors/amount.ts'

/** Tokens that every chain of the marketplace has. */
export type TokenSymbol = 'eth' | 'fab' | 'usdc'

/** A token by name, or any other one by its address. */
export type Token = TokenSymbol | Address

/** So much of a token, in its smallest unit. */
export type TokenAmount<token extends Token = Token> = {
  token: token
  /** In the token's smallest unit: wei, 1e-18 FAB, 1e-6 USDC. */
  value: bigint
}

/** Decimals of the named tokens. USDC has 6 on every chain of the marketplace. */
export const tokenDecimals = { eth: 18, fab: 18, usdc: 6 } as const satisfies Record<
  TokenSymbol,
  number
>

/**
 * So many ETH.
 * @param amount Decimal text, or a number that prints without an exponent.
 * @throws {AmountError} When it is negative, no decimal, or finer than one wei.
 * @example
 * eth('0.01') // { token: 'eth', value: 10000000000000000n }
 */
export function eth(amount: string | number): TokenAmount<'eth'> {
  return toAmount('eth', amount)
}

/**
 * So many FAB. Parameters and errors as in {@link eth}.
 * @example
 * fab(1000) // { token: 'fab', value: 1000000000000000000000n }
 */
export function fab(amount: string | number): TokenAmount<'fab'> {
  return toAmount('fab', amount)
}

/**
 * So many USDC. Parameters and errors as in {@link eth}.
 * @example
 * usdc('0.0002') // { token: 'usdc', value: 200n }
 */
export function usdc(amount: string | number): TokenAmount<'usdc'> {
  return toAmount('usdc', amount)
}

function toAmount<token extends TokenSymbol>(
  token: token,
  amount: string | number,
): TokenAmount<token> {
  const text = String(amount)
  const decimals = tokenDecimals[token]
  const [, fraction = ''] = /^\d+(?:\.(\d+))?$/.exec(text) ?? []
  // viem's parseUnits rounds what is finer than the smallest unit; money must not be rounded unseen.
  if (!/^\d+(\.\d+)?$/.test(text) || fraction.replace(/0+$/, '').length > decimals)
    throw new AmountError({ amount: text, token, decimals })
  return { token, value: parseUnits(text, decimals) }
}

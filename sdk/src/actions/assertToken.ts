import { TokenMismatchError } from '../errors/amount.ts'
import type { Token, TokenAmount } from '../units/amounts.ts'

/**
 * Refuses an amount in another token than the one that is expected.
 * @throws {TokenMismatchError}
 */
export function assertToken(field: string, { token }: TokenAmount, expected: Token): void {
  if (token !== expected) throw new TokenMismatchError({ field, token, expected })
}

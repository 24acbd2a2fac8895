import { type Address, isAddressEqual } from 'viem'
import { SessionGrantInvalidError } from '../../errors/session.ts'
import type { SessionGrant } from './sessionGrant.ts'

/**
 * Refuses a grant of another chain or account than the client's: what is read or sent there is not about it.
 * @param of The client's chain, and its account where the client acts for it.
 * @throws {SessionGrantInvalidError} With the field that differs.
 */
export function assertGrantOf(
  grant: SessionGrant,
  of: { chainId: number; account?: Address },
): void {
  const field =
    grant.chainId !== of.chainId
      ? 'chainId'
      : of.account && !isAddressEqual(grant.account, of.account) && 'account'
  if (field)
    throw new SessionGrantInvalidError({ field, value: grant[field], problem: "not the client's" })
}

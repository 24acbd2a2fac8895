import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { ReadClient } from '../../types/client.ts'
import type { Token } from '../../units/amounts.ts'
import { readView } from '../readView.ts'

export type AcceptedToken<token extends Token = Token> = {
  token: token
  /** Whether new work may be paid in it. */
  accepted: boolean
  /** Smallest deposit, in the token's smallest unit. */
  minimum: bigint
  /** Largest deposit. */
  maximum: bigint
  /** What a host may have pending of attested work; 0 when that mode is closed. */
  maxPending: bigint
}

/**
 * Whether the marketplace takes a token, and within which limits.
 * @example
 * const { accepted, minimum } = await getAcceptedToken(client, { token: 'usdc' })
 */
export async function getAcceptedToken<token extends Token>(
  client: ReadClient,
  { token }: { token: token },
): Promise<AcceptedToken<token>> {
  const { contracts } = client
  const args = [tokenAddress(contracts, token)] as const
  const [{ accepted, minDeposit, maxDeposit }, maxPending] = await Promise.all([
    readView(client, contracts.marketplace, marketplace.tokenConfig, args),
    readView(client, contracts.marketplace, marketplace.maxPending, args),
  ])
  return { token, accepted, minimum: minDeposit, maximum: maxDeposit, maxPending }
}

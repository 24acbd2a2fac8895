import type { FabstirAccount } from '../../accounts/fabstir/toFabstirAccount.ts'
import { signForMarketplace } from '../../accounts/keys/signForMarketplace.ts'
import type { SessionKey } from '../../accounts/session/toSessionAccount.ts'
import { CoSignerNotFoundError } from '../../errors/voucher.ts'
import type { WriteClient } from '../../types/client.ts'
import { type FinalVoucher, finalTypedData } from './finalVoucher.ts'

export type SignFinalParameters = {
  sessionId: bigint
  /** Inference tokens of the whole session. */
  cumulativeTokens: bigint
  /** The key that is the host; by default the owner of the client's account, which is the host by EIP-7702 alone. */
  signer?: SessionKey | undefined
}

/**
 * Signs off chain that a session ended at this count, so that its renter can settle without waiting. A host that is a
 * contract cannot: it settles itself.
 * @throws {CoSignerNotFoundError} When no key is given and the client has none of its own.
 * @example
 * const final = await signFinal(client, { sessionId, cumulativeTokens: 1240n, signer: hostKey })
 */
export async function signFinal(
  { account, contracts }: Pick<WriteClient, 'account' | 'contracts'>,
  { sessionId, cumulativeTokens, signer: signer_ }: SignFinalParameters,
): Promise<FinalVoucher> {
  const signer = signer_ ?? (account as Partial<FabstirAccount>).owner
  if (!signer || !('signTypedData' in signer))
    throw new CoSignerNotFoundError({ account: account.address })
  const final = { sessionId, cumulativeTokens }
  const signature = await signForMarketplace(signer, finalTypedData(contracts, final))
  return { ...final, signature }
}

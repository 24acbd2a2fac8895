import { type Hex, zeroHash } from 'viem'
import type { FabstirAccount } from '../../accounts/fabstir/toFabstirAccount.ts'
import { signForMarketplace } from '../../accounts/keys/signForMarketplace.ts'
import type { SessionAccount, SessionKey } from '../../accounts/session/toSessionAccount.ts'
import { CoSignerNotFoundError } from '../../errors/voucher.ts'
import type { WriteClient } from '../../types/client.ts'
import { type Voucher, voucherTypedData } from './voucher.ts'

export type SignVoucherParameters = {
  sessionId: bigint
  /** Inference tokens since the session began. */
  cumulativeTokens: bigint
  /** Hash of the transcript so far; zero when none is kept. */
  transcriptHash?: Hex | undefined
  /** The session's co-signer, of secp256k1 or P-256; by default the key that the client signs with. */
  coSigner?: SessionKey | undefined
}

/**
 * Co-signs a running count off chain, for the host to keep.
 * @throws {CoSignerNotFoundError} When no key is given and the client has none of its own.
 * @throws {KeySignatureError} When the key is a passkey, which co-signs nothing: the marketplace reads no assertions.
 * @example
 * const voucher = await signVoucher(app, { sessionId, cumulativeTokens: 1200n })
 */
export async function signVoucher(
  { account, contracts }: Pick<WriteClient, 'account' | 'contracts'>,
  { sessionId, cumulativeTokens, transcriptHash = zeroHash, coSigner }: SignVoucherParameters,
): Promise<Voucher> {
  const { key, owner } = account as Partial<Pick<SessionAccount, 'key'> & FabstirAccount>
  const signer = [coSigner, key, owner].find((candidate) => candidate !== undefined)
  if (!signer) throw new CoSignerNotFoundError({ account: account.address })
  const voucher = { sessionId, cumulativeTokens, transcriptHash }
  const signature = await signForMarketplace(signer, voucherTypedData(contracts, voucher))
  return { ...voucher, signature }
}

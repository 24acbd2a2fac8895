import type { Address, Hash, Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/** A key that signs digests: local, or in a key management service. */
export type Signer = {
  address: Address
  /** In this process: it answers at once, whatever happens elsewhere. */
  local?: true
  /**
   * 65 bytes r, s, v with low s and v 27 or 28.
   * @param signal Ends when nobody waits for the signature any more.
   */
  sign(digest: Hash, signal?: AbortSignal): Promise<Hex>
}

export type LocalSigner = {
  address: Address
  local: true
  sign(digest: Hash): Promise<Hex>
}

/** A signer whose private key is in this process. Signatures are deterministic (RFC 6979). */
export function localSigner(privateKey: Hex): LocalSigner {
  const account = privateKeyToAccount(privateKey)
  return { address: account.address, local: true, sign: (hash) => account.sign({ hash }) }
}

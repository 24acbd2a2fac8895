import type { Address, Hash, Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/** A key that signs digests: local, or in a key management service. */
export type Signer = {
  address: Address
  /** 65 bytes r, s, v with low s and v 27 or 28. */
  sign(digest: Hash): Promise<Hex>
}

/** A signer whose private key is in this process. Signatures are deterministic (RFC 6979). */
export function localSigner(privateKey: Hex): Signer {
  const account = privateKeyToAccount(privateKey)
  return { address: account.address, sign: (hash) => account.sign({ hash }) }
}

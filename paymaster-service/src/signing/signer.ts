import type { Address, Hash, Hex } from 'viem'
import { bytesToHex, concat, hexToBytes } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { signRecoverable } from './signRecoverable.ts'

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
  /** The same without waiting, where the key is in this process. */
  signNow?(digest: Hash): Hex
}

export type LocalSigner = {
  address: Address
  local: true
  sign(digest: Hash): Promise<Hex>
  signNow(digest: Hash): Hex
}

/**
 * A signer whose private key is in this process. Signatures are deterministic (RFC 6979).
 */
export function localSigner(privateKey: Hex): LocalSigner {
  const key = hexToBytes(privateKey)
  const signNow = (digest: Hash) => {
    const { signature, recid } = signRecoverable(hexToBytes(digest), key)
    return concat([bytesToHex(signature), recid === 0 ? '0x1b' : '0x1c'])
  }
  return {
    address: privateKeyToAddress(privateKey),
    local: true,
    sign: async (digest) => signNow(digest),
    signNow,
  }
}

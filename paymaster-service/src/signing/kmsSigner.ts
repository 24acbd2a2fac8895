import type { Address, Hash, Hex } from 'viem'
import { bytesToBigInt, hexToBytes, isAddressEqual, recoverAddress, serializeSignature } from 'viem'
import type { Signer } from './signer.ts'

export type KmsSignerParameters = {
  /** Address of the key; what another key signed is refused. */
  address: Address
  /**
   * Signs a digest of 32 bytes by ECDSA over secp256k1 and answers ASN.1 DER, as the key management
   * services of AWS and Google do (`ECC_SECG_P256K1`, `EC_SIGN_SECP256K1_SHA256`).
   * @param signal Ends after `signTimeoutMs`, when nobody waits any more: hand it to the request.
   */
  signDer(digest: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>
}

/** Order of secp256k1. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/**
 * A signer whose key never leaves a key management service. Such services answer high s values and no
 * recovery bit; OpenZeppelin's ECDSA takes neither, so both are put right and the key is checked.
 */
export function kmsSigner({ address, signDer }: KmsSignerParameters): Signer {
  return {
    address,
    async sign(digest, signal) {
      const { r, s } = readDer(await signDer(hexToBytes(digest), signal))
      const low = s > order / 2n ? order - s : s
      for (const yParity of [0, 1] as const) {
        const signature = serializeSignature({ r: word(r), s: word(low), yParity })
        if (await isBy(address, digest, signature)) return signature
      }
      throw new SignatureError(`the key management service signed with another key than ${address}`)
    },
  }
}

async function isBy(address: Address, hash: Hash, signature: Hex): Promise<boolean> {
  // Not every r is an x coordinate.
  const recovered = await recoverAddress({ hash, signature }).catch(() => undefined)
  return recovered !== undefined && isAddressEqual(recovered, address)
}

/** SEQUENCE { INTEGER r, INTEGER s }, each shorter than 128 bytes. */
function readDer(der: Uint8Array): { r: bigint; s: bigint } {
  const [sequence, length] = der
  if (sequence !== 0x30 || length !== der.length - 2) throw new SignatureError('expected DER')
  const r = readInteger(der, 2)
  const s = readInteger(der, r.end)
  if (s.end !== der.length) throw new SignatureError('expected two integers in DER')
  return { r: r.value, s: s.value }
}

function readInteger(der: Uint8Array, start: number): { value: bigint; end: number } {
  const length = der[start + 1] ?? 0
  const end = start + 2 + length
  if (der[start] !== 0x02 || length === 0 || length > 33 || end > der.length)
    throw new SignatureError('expected two integers in DER')
  return { value: bytesToBigInt(der.subarray(start + 2, end)), end }
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}

/** A signature that cannot be used. */
export class SignatureError extends Error {
  override name = 'SignatureError'
}

import { concatHex, type Hash, type Hex, hashTypedData } from 'viem'
import { signaturePrefix } from '../signature.ts'
import type { KeyRole, KeySigner } from './keySigner.ts'
import { lowS, p256Address, p256Point, stubP256Signature } from './p256.ts'

/** A P-256 key that signs digests as they are: in a secure enclave, a key management service, or software. */
export type P256Key = {
  type: 'p256'
  /** 64 bytes x ‖ y, or 65 that begin with 04. */
  publicKey: Hex
  /** Signs `hash` itself, without hashing it once more: 64 bytes r ‖ s. */
  sign(parameters: { hash: Hash }): Promise<Hex>
}

/**
 * A P-256 key without WebAuthn around it.
 * @throws {PublicKeyError} When its public key is not valid.
 */
export function p256Signer({ publicKey, sign }: P256Key): KeySigner {
  const point = p256Point(publicKey)
  const encode = (signature: Hex, role: KeyRole) =>
    concatHex([signaturePrefix.p256, signature, ...(role === 'session' ? [point] : [])])
  return {
    publicKey: point,
    address: p256Address(point),
    sign: async (typedData, role) =>
      encode(lowS(await sign({ hash: hashTypedData(typedData) })), role),
    stub: (role) => encode(stubP256Signature, role),
  }
}

import { bytesToHex, concatHex, type Hash, type Hex, hexToBytes, sha256, stringToHex } from 'viem'
import { KeySignatureError } from '../../errors/key.ts'
import { base64Url } from './assertion.ts'
import type { WebAuthnKey } from './webAuthnSigner.ts'

/** A `CryptoKey`, as far as it is asked. */
type CryptoKeyLike = {
  readonly algorithm: { readonly name: string }
  readonly usages: readonly string[]
}

export type ToWebCryptoKeyParameters = {
  /** A `CryptoKeyPair` of ECDSA over P-256, its private half extractable or not. */
  keyPair: { privateKey: CryptoKeyLike; publicKey: CryptoKeyLike }
}

/**
 * A P-256 key of the Web Crypto API as an owner or session key: a browser keeps it in IndexedDB without ever showing its
 * private half to a script, and no prompt asks for it. Web Crypto hashes whatever it signs, so the key signs in the form
 * of a WebAuthn assertion, in which that hash has its place.
 * @throws {KeySignatureError} When the pair is no P-256 key for signing.
 * @example
 * const keyPair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
 * const appKey = await toWebCryptoKey({ keyPair })
 */
export async function toWebCryptoKey({
  keyPair: { privateKey, publicKey },
}: ToWebCryptoKeyParameters): Promise<WebAuthnKey> {
  const { algorithm, usages } = privateKey
  const curve = 'namedCurve' in algorithm ? algorithm.namedCurve : undefined
  if (algorithm.name !== 'ECDSA' || curve !== 'P-256' || !usages.includes('sign'))
    throw new KeySignatureError({
      problem: `a Web Crypto key signs by ECDSA over P-256, not by ${algorithm.name} over ${curve} for ${usages.join(', ') || 'nothing'}`,
    })
  const point = await crypto.subtle.exportKey('raw', publicKey as SubtleKey)
  return {
    type: 'webAuthn',
    publicKey: bytesToHex(new Uint8Array(point)),
    sign: ({ hash }) => signAssertion(privateKey, hash),
  }
}

type SubtleKey = Parameters<typeof crypto.subtle.sign>[1]

/** Nobody but the key's holder says so: the flags are "present" and "verified". */
const authenticatorData: Hex = concatHex([sha256(stringToHex('webcrypto')), '0x0500000000'])

async function signAssertion(key: CryptoKeyLike, hash: Hash): ReturnType<WebAuthnKey['sign']> {
  const clientDataJSON = `{"type":"webauthn.get","challenge":"${base64Url(hash)}","origin":"webcrypto"}`
  const signed = concatHex([authenticatorData, sha256(stringToHex(clientDataJSON))])
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    key as SubtleKey,
    new Uint8Array(hexToBytes(signed)),
  )
  return {
    signature: bytesToHex(new Uint8Array(signature)),
    webauthn: { authenticatorData, clientDataJSON },
  }
}

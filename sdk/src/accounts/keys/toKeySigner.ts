import type { LocalAccount } from 'viem'
import { KeyNotSupportedError } from '../../errors/key.ts'
import type { KeySigner } from './keySigner.ts'
import { type P256Key, p256Signer } from './p256Signer.ts'
import { secp256k1Signer } from './secp256k1Signer.ts'
import { type WebAuthnKey, webAuthnSigner } from './webAuthnSigner.ts'

/** A key that signs by itself: secp256k1, passkey, or raw P-256. */
export type SigningKey = Pick<LocalAccount, 'address' | 'signTypedData'> | WebAuthnKey | P256Key

/**
 * The key as something that signs for accounts.
 * @throws {KeyNotSupportedError} When it is none of these.
 * @throws {PublicKeyError} When its P-256 public key is not valid.
 */
export function toKeySigner(key: SigningKey, role: 'owner' | 'session key'): KeySigner {
  const given: unknown = key
  if (typeof given !== 'object' || given === null)
    throw new KeyNotSupportedError({ role, problem: given === null ? 'null' : `a ${typeof given}` })
  const type = 'type' in key ? (key.type as string) : undefined
  if (type === 'smart')
    throw new KeyNotSupportedError({ role, problem: 'a smart account itself, which has no key' })
  if (isP256Key(key)) return p256Signer(key)
  if (isWebAuthnKey(key)) return webAuthnSigner(key)
  if (typeof key.address !== 'string' || typeof key.signTypedData !== 'function')
    throw new KeyNotSupportedError({ role, problem: 'nothing that signs typed data' })
  return secp256k1Signer(key)
}

const isP256Key = (key: SigningKey): key is P256Key => 'type' in key && key.type === 'p256'

const isWebAuthnKey = (key: SigningKey): key is WebAuthnKey =>
  'type' in key && key.type === 'webAuthn'

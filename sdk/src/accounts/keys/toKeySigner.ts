import type { LocalAccount } from 'viem'
import { KeyNotSupportedError, KeySignatureError } from '../../errors/key.ts'
import { defaultTimeout, within } from '../../operations/within.ts'
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
  if (isP256Key(key)) return bounded(p256Signer(key))
  if (isWebAuthnKey(key)) return bounded(webAuthnSigner(key))
  if (typeof key.address !== 'string' || typeof key.signTypedData !== 'function')
    throw new KeyNotSupportedError({ role, problem: 'nothing that signs typed data' })
  return bounded(secp256k1Signer(key))
}

/** Wallets and devices wait for a person, who may have gone away. */
function bounded(signer: KeySigner): KeySigner {
  return {
    ...signer,
    async sign(...parameters) {
      const signing = signer.sign(...parameters)
      return within(defaultTimeout, signing).catch((error: Error) => {
        if (error.name !== 'TimeoutError') throw error
        throw new KeySignatureError({ problem: `none within ${defaultTimeout} ms`, cause: error })
      })
    },
  }
}

const isP256Key = (key: SigningKey): key is P256Key => 'type' in key && key.type === 'p256'

const isWebAuthnKey = (key: SigningKey): key is WebAuthnKey =>
  'type' in key && key.type === 'webAuthn'

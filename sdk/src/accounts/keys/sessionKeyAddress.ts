import { type Address, type Hex, isAddress } from 'viem'
import { KeyNotSupportedError } from '../../errors/key.ts'
import { p256Address, p256Point } from './p256.ts'

/** A session key by its address, by the key itself, or by the public key of a passkey or P-256 key. */
export type SessionKeyName = Address | { address: Address } | { publicKey: Hex; type?: string }

/**
 * What an account calls a session key: its address, or of a P-256 key the last 20 bytes of keccak256(x ‖ y).
 * @throws {PublicKeyError} When a P-256 public key is not valid.
 * @throws {KeyNotSupportedError} When it is no address.
 * @example
 * sessionKeyAddress(toWebAuthnAccount({ credential }))
 */
export function sessionKeyAddress(key: SessionKeyName): Address {
  if (typeof key === 'object' && 'publicKey' in key && !('address' in key))
    return p256Address(p256Point(key.publicKey))
  const address = typeof key === 'object' && 'address' in key ? key.address : key
  if (typeof address === 'string' && isAddress(address, { strict: false })) return address
  throw new KeyNotSupportedError({ role: 'session key', problem: 'no address and no public key' })
}

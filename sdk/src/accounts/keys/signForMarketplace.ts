import { type Hex, slice, type TypedDataDefinition } from 'viem'
import { KeySignatureError } from '../../errors/key.ts'
import { type SigningKey, toKeySigner } from './toKeySigner.ts'

/**
 * Signature that a marketplace checks by key recovery: r, s, v of a secp256k1 key, or r, s, x, y of a P-256 key. It is
 * that of a session key without the kind in front.
 * @throws {KeySignatureError} When the key is a passkey, whose assertions the marketplace does not read.
 */
export async function signForMarketplace(
  key: SigningKey,
  typedData: TypedDataDefinition,
): Promise<Hex> {
  if ('type' in key && key.type === 'webAuthn')
    throw new KeySignatureError({ problem: 'the marketplace reads no assertions of passkeys' })
  const signature = await toKeySigner(key, 'session key').sign(typedData, 'session')
  return slice(signature, 1)
}

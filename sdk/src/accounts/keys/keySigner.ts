import type { Address, Hex, TypedDataDefinition } from 'viem'

/**
 * What a key signs as. The account knows its owner; a session key of P-256 has to bring its public key along, because
 * the account stores only the key's address.
 */
export type KeyRole = 'owner' | 'session'

/** A key that signs for an account, in the forms that the account verifies. */
export type KeySigner = {
  /** As the account stores an owner: 20 bytes of an address, or 64 bytes x ‖ y of a P-256 key. */
  publicKey: Hex
  /** As the account names a session key: of a P-256 key the last 20 bytes of keccak256(x ‖ y). */
  address: Address
  /**
   * Signature over EIP-712 data, with its kind in front.
   * @throws {KeySignatureError} When the key gives none that the account takes.
   */
  sign(typedData: TypedDataDefinition, role: KeyRole): Promise<Hex>
  /** Signature of the same length, or a longer one, that takes the same path through the verifier. */
  stub(role: KeyRole): Hex
}

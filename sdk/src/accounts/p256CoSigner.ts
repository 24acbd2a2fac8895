import { type Address, concatHex, type Hex, hashTypedData, type LocalAccount } from 'viem'
import { lowS, p256Address, p256Point } from './keys/p256.ts'

/** What signs vouchers for the marketplace: an account of viem, or anything that signs typed data alike. */
export type CoSigner = Pick<LocalAccount, 'address' | 'signTypedData'>

/** A P-256 key that co-signs vouchers: in a secure element, a key service, or software. Not a passkey's. */
export type P256CoSignerParameters = {
  /** 64 bytes x, y, or 65 with the prefix 04. */
  publicKey: Hex
  /** Signs the hash itself, without hashing it once more. Returns 64 bytes r, s. */
  sign: (parameters: { hash: Hex }) => Promise<Hex>
}

/**
 * Id of a P-256 key where the marketplace names a co-signer: the low 160 bits of keccak256(x, y).
 * @throws {PublicKeyError} When it is no point of the curve in 64 bytes.
 * @example
 * await openSession(client, { …, coSigner: p256KeyId(publicKey) })
 */
export function p256KeyId(publicKey: Hex): Address {
  return p256Address(p256Point(publicKey))
}

/**
 * A P-256 key as a co-signer for {@link signVoucher}.
 * @throws {PublicKeyError} When it is no point of the curve in 64 bytes.
 * @example
 * const coSigner = toP256CoSigner({ publicKey, sign: ({ hash }) => hsm.sign(hash) })
 * const voucher = await signVoucher(client, { sessionId, cumulativeTokens: 1200n, coSigner })
 */
export function toP256CoSigner({ publicKey, sign }: P256CoSignerParameters): CoSigner {
  const point = p256Point(publicKey)
  return {
    address: p256Address(point),
    signTypedData: async (typedData) =>
      concatHex([lowS(await sign({ hash: hashTypedData(typedData) })), point]),
  }
}

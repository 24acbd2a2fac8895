import {
  type Address,
  concatHex,
  type Hex,
  hashTypedData,
  hexToBigInt,
  keccak256,
  numberToHex,
  size,
  slice,
} from 'viem'
import { PublicKeyError } from '../errors/configuration.ts'
import type { SessionKey } from './session/toSessionAccount.ts'

/** A P-256 key that co-signs vouchers: in a secure element, a key service, or software. Not a passkey's. */
export type P256CoSignerParameters = {
  /** 64 bytes x, y, or 65 with the prefix 04. */
  publicKey: Hex
  /** Signs the hash itself, without hashing it once more. Returns 64 bytes r, s. */
  sign: (parameters: { hash: Hex }) => Promise<Hex>
}

/** Half of the order of P-256: contracts take the lower of the two signatures only. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/**
 * Id of a P-256 key where the marketplace names a co-signer: the low 160 bits of keccak256(x, y).
 * @throws {PublicKeyError} When it is no public key of 64 bytes.
 * @example
 * await openSession(client, { …, coSigner: p256KeyId(publicKey) })
 */
export function p256KeyId(publicKey: Hex): Address {
  return slice(keccak256(toCoordinates(publicKey)), 12)
}

/**
 * A P-256 key as a co-signer for {@link signVoucher}.
 * @throws {PublicKeyError} When it is no public key of 64 bytes.
 * @example
 * const coSigner = toP256CoSigner({ publicKey, sign: ({ hash }) => hsm.sign(hash) })
 * const voucher = await signVoucher(client, { sessionId, cumulativeTokens: 1200n, coSigner })
 */
export function toP256CoSigner({ publicKey, sign }: P256CoSignerParameters): SessionKey {
  const coordinates = toCoordinates(publicKey)
  return {
    address: p256KeyId(publicKey),
    async signTypedData(typedData) {
      const signature = await sign({ hash: hashTypedData(typedData) })
      const [r, s] = [slice(signature, 0, 32), hexToBigInt(slice(signature, 32, 64))]
      const lowS = s > order / 2n ? order - s : s
      return concatHex([r, numberToHex(lowS, { size: 32 }), coordinates])
    },
  }
}

function toCoordinates(publicKey: Hex): Hex {
  const bytes = size(publicKey)
  if (bytes === 64) return publicKey
  if (bytes === 65 && publicKey.startsWith('0x04')) return slice(publicKey, 1)
  throw new PublicKeyError({ publicKey })
}

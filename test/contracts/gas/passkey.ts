import { createECDH, createHash } from 'node:crypto'
import {
  bytesToHex,
  concatHex,
  encodeAbiParameters,
  type Hex,
  hexToBytes,
  keccak256,
  parseAbiParameters,
  stringToHex,
  toHex,
} from 'viem'

/** A P-256 key as the owner of an account. */
export type Passkey = {
  /** x ‖ y */
  publicKey: Hex
  /** Signature of the account over a digest, with the prefix of its kind. */
  sign(digest: Hex): Hex
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/**
 * A key from a name, with the same signatures in every run: gas depends on their bytes. Node's own signatures are
 * random, so the nonce is a hash of key and digest here; good for measuring, not for keys that own something.
 */
export function passkey(name: string, kind: 'P-256' | 'WebAuthn'): Passkey {
  const secret = BigInt(keccak256(stringToHex(name))) % order
  const publicKey = toHex(pointOf(secret))
  return {
    publicKey,
    sign: (digest) =>
      kind === 'P-256'
        ? concatHex(['0x01', ...signatureOf(secret, BigInt(digest))])
        : concatHex(['0x02', assertionOf(secret, digest)]),
  }
}

/** x ‖ y of a multiple of the curve's base point. */
function pointOf(factor: bigint): Uint8Array {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(hexToBytes(toHex(factor, { size: 32 })))
  // Without the prefix of an uncompressed point.
  return curve.getPublicKey().subarray(1)
}

/** ECDSA with low s. */
function signatureOf(secret: bigint, digest: bigint): [r: Hex, s: Hex] {
  const words = concatHex([toHex(secret, { size: 32 }), toHex(digest, { size: 32 })])
  const nonce = BigInt(keccak256(words)) % order
  const r = BigInt(bytesToHex(pointOf(nonce).subarray(0, 32))) % order
  const s = (inverse(nonce) * (digest + r * secret)) % order
  return [toHex(r, { size: 32 }), toHex(s > order / 2n ? order - s : s, { size: 32 })]
}

/** By Fermat's little theorem: the order is a prime. */
function inverse(value: bigint): bigint {
  let [result, base, exponent] = [1n, value % order, order - 2n]
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order
    base = (base * base) % order
  }
  return result
}

/** What an authenticator answers to the digest as its challenge. */
function assertionOf(secret: bigint, digest: Hex): Hex {
  const challenge = Buffer.from(hexToBytes(digest)).toString('base64url')
  const client = `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://app.test"}`
  const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest()
  // Hash of the relying party, flags "present" and "verified", counter.
  const authenticator = Buffer.concat([sha256('app.test'), Buffer.from('0500000001', 'hex')])
  const message = sha256(Buffer.concat([authenticator, sha256(client)]))
  const [r, s] = signatureOf(secret, BigInt(bytesToHex(message)))
  return encodeAbiParameters(
    parseAbiParameters('bytes32, bytes32, uint256, uint256, bytes, string'),
    [
      ...[r, s],
      BigInt(client.indexOf('"challenge"')),
      BigInt(client.indexOf('"type"')),
      bytesToHex(authenticator),
      client,
    ] as never,
  )
}

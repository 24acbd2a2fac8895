import * as P256 from 'ox/P256'
import * as PublicKey from 'ox/PublicKey'
import { bytesToHex, concatHex, type Hex, hexToBigInt, sha256, slice } from 'viem'

/** What an authenticator answers: it tells everything but its public key. */
export type SignedAssertion = {
  authenticatorData: Uint8Array
  clientDataJSON: Uint8Array
  /** DER. */
  signature: Uint8Array
}

/** The two public keys (x ‖ y) of which one has made a signature: ECDSA tells no more. */
export function recoverPublicKeys(assertion: SignedAssertion): readonly Hex[] {
  const { authenticatorData, clientDataJSON, signature } = assertion
  const payload = sha256(concatHex([bytesToHex(authenticatorData), sha256(clientDataJSON)]))
  const { r, s } = fromDer(signature)
  return [0, 1].map((yParity) =>
    PublicKey.toHex(P256.recoverPublicKey({ payload, signature: { r, s, yParity } }), {
      includePrefix: false,
    }),
  )
}

/** r and s out of `SEQUENCE { INTEGER r, INTEGER s }`, each of at most 33 bytes. */
function fromDer(bytes: Uint8Array): { r: bigint; s: bigint } {
  const hex = bytesToHex(bytes)
  const lengthOfR = bytes[3] ?? 0
  const startOfS = 4 + lengthOfR + 2
  return {
    r: hexToBigInt(slice(hex, 4, 4 + lengthOfR)),
    s: hexToBigInt(slice(hex, startOfS)),
  }
}

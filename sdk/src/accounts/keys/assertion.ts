import { encodeAbiParameters, type Hash, type Hex, hexToBytes, size, slice } from 'viem'
import { parseAbiParameters } from '../../contracts/parseAbi.ts'
import { KeySignatureError } from '../../errors/key.ts'

/** What an authenticator signed, and its signature. */
export type Assertion = {
  /** 64 bytes r ‖ s, low s. */
  signature: Hex
  authenticatorData: Hex
  clientDataJSON: string
}

// Flags of the authenticator data (WebAuthn, section 6.1).
const userPresent = 0x01
const userVerified = 0x04

const parameters = parseAbiParameters(
  'bytes32 r, bytes32 s, uint256 challengeIndex, uint256 typeIndex, bytes authenticatorData, string clientDataJSON',
)

/** As the account's WebAuthn verifier reads it. */
export function encodeAssertion({ signature, authenticatorData, clientDataJSON }: Assertion): Hex {
  return encodeAbiParameters(parameters, [
    slice(signature, 0, 32),
    slice(signature, 32),
    BigInt(clientDataJSON.indexOf('"challenge"')),
    BigInt(clientDataJSON.indexOf('"type"')),
    authenticatorData,
    clientDataJSON,
  ])
}

/**
 * Refuses an assertion that the account would refuse, while it can still be said why.
 * @throws {KeySignatureError} When it is for another challenge, no `webauthn.get`, or its user was not verified.
 */
export function checkAssertion(
  { authenticatorData, clientDataJSON }: Assertion,
  challenge: Hash,
): void {
  const problem = findProblem(authenticatorData, clientDataJSON, challenge)
  if (problem) throw new KeySignatureError({ problem })
}

function findProblem(authenticatorData: Hex, clientDataJSON: string, challenge: Hash) {
  if (size(authenticatorData) < 37) return 'the authenticator data is shorter than 37 bytes'
  if (!clientDataJSON.includes('"type":"webauthn.get"')) return 'it is no assertion (webauthn.get)'
  if (!clientDataJSON.includes(`"challenge":"${base64Url(challenge)}"`))
    return 'the assertion is for another challenge'
  const flags = hexToBytes(slice(authenticatorData, 32, 33))[0] ?? 0
  if ((flags & userPresent) === 0) return 'the authenticator saw no user'
  if ((flags & userVerified) === 0) return 'the authenticator did not verify its user'
  return undefined
}

export function base64Url(hex: Hex): string {
  const text = String.fromCharCode(...hexToBytes(hex))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

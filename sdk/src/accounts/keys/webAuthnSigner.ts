import { concatHex, type Hash, type Hex, hashTypedData, size, stringToHex } from 'viem'
import { KeySignatureError } from '../../errors/key.ts'
import { signaturePrefix } from '../signature.ts'
import { type Assertion, checkAssertion, encodeAssertion } from './assertion.ts'
import type { KeyRole, KeySigner } from './keySigner.ts'
import { lowS, p256Address, p256Point, stubP256Signature } from './p256.ts'

/** A passkey: what is used of viem's `WebAuthnAccount`. */
export type WebAuthnKey = {
  type: 'webAuthn'
  /** 64 bytes x ‖ y, or 65 that begin with 04. */
  publicKey: Hex
  /** Has the authenticator sign with `hash` as the challenge. */
  sign(parameters: { hash: Hash }): Promise<{
    /** r ‖ s. */
    signature: Hex
    webauthn: { authenticatorData: Hex; clientDataJSON: string }
  }>
}

/**
 * A passkey. Its assertions name the page that asked and may hold more than the stub can know: each one that is longer
 * lengthens the stubs after it.
 * @throws {PublicKeyError} When the credential's public key is not valid.
 */
export function webAuthnSigner({ publicKey, sign }: WebAuthnKey): KeySigner {
  const point = p256Point(publicKey)
  const longest = { authenticatorData: 37, clientData: 0 }
  const encode = (assertion: Assertion, role: KeyRole) =>
    concatHex([
      signaturePrefix.webAuthn,
      ...(role === 'session' ? [point] : []),
      encodeAssertion(assertion),
    ])

  return {
    publicKey: point,
    address: p256Address(point),
    async sign(typedData, role) {
      const hash = hashTypedData(typedData)
      const assertion = await requestAssertion(() => sign({ hash }))
      checkAssertion(assertion, hash)
      longest.authenticatorData = Math.max(
        longest.authenticatorData,
        size(assertion.authenticatorData),
      )
      longest.clientData = Math.max(longest.clientData, size(stringToHex(assertion.clientDataJSON)))
      return encode(assertion, role)
    },
    stub: (role) => encode(stubAssertion(longest), role),
  }
}

async function requestAssertion(sign: () => ReturnType<WebAuthnKey['sign']>): Promise<Assertion> {
  try {
    const { signature, webauthn } = await sign()
    const { authenticatorData, clientDataJSON } = webauthn
    return { signature: lowS(signature), authenticatorData, clientDataJSON }
  } catch (error) {
    if (error instanceof KeySignatureError) throw error
    const cause = error instanceof Error ? error : new Error(String(error))
    throw new KeySignatureError({ problem: 'the authenticator made no assertion', cause })
  }
}

/** An origin of this length where there is no page to take it from. */
const anyOrigin = `https://${'o'.repeat(56)}`
/** Chromium adds this to one assertion in five, so that nobody compares them with a template. */
const greased =
  '"other_keys_can_be_added_here":"do not compare clientDataJSON against a template. See https://goo.gl/yabPex"'

function stubAssertion(longest: { authenticatorData: number; clientData: number }): Assertion {
  const origin = pageOrigin() ?? anyOrigin
  const clientDataJSON = `{"type":"webauthn.get","challenge":"${'A'.repeat(43)}","origin":"${origin}","crossOrigin":false,${greased}}`
  return {
    signature: stubP256Signature,
    // The hash of the relying party, the flags "present" and "verified", and a counter.
    authenticatorData: concatHex([
      `0x${'ff'.repeat(32)}05`,
      `0x${'ff'.repeat(longest.authenticatorData - 33)}`,
    ]),
    clientDataJSON: clientDataJSON.padEnd(longest.clientData),
  }
}

/** Origin of the page, which the browser puts into the assertion. */
function pageOrigin(): string | undefined {
  try {
    // Deno throws where it was not told of a location.
    const { location } = globalThis as { location?: { origin?: unknown } }
    return typeof location?.origin === 'string' ? location.origin : undefined
  } catch {
    return undefined
  }
}

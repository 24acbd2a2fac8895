import { hexToBytes, size, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import { KeySignatureError } from '../../errors/key.ts'
import { checkAssertion } from './assertion.ts'
import { toKeySigner } from './toKeySigner.ts'
import { toWebCryptoKey } from './toWebCryptoKey.ts'

const ecdsa = (namedCurve: string) =>
  crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, false, ['sign', 'verify'])
const typedData = {
  types: { Mail: [{ name: 'text', type: 'string' }] },
  primaryType: 'Mail',
  message: { text: 'hello' },
} as const

describe('toWebCryptoKey', () => {
  test('makes assertions that the public key verifies, over the hash as the challenge', async () => {
    const keyPair = await ecdsa('P-256')
    const key = await toWebCryptoKey({ keyPair })
    const { signature, webauthn } = await key.sign({ hash: zeroHash })
    checkAssertion({ signature, ...webauthn }, zeroHash)
    const clientHash = await crypto.subtle.digest(
      'SHA-256',
      new TextEncoder().encode(webauthn.clientDataJSON),
    )
    const signed = new Uint8Array([
      ...hexToBytes(webauthn.authenticatorData),
      ...new Uint8Array(clientHash),
    ])
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    expect(
      await crypto.subtle.verify(
        algorithm,
        keyPair.publicKey,
        new Uint8Array(hexToBytes(signature)),
        signed,
      ),
    ).toBe(true)
  })

  test('signs within its stub', async () => {
    const signer = toKeySigner(await toWebCryptoKey({ keyPair: await ecdsa('P-256') }), 'owner')
    expect(size(signer.stub('session'))).toBeGreaterThanOrEqual(
      size(await signer.sign(typedData, 'session')),
    )
  })

  test('takes no other curve, and no key that may not sign', async () => {
    const { publicKey } = await ecdsa('P-256')
    const keyPairs = [await ecdsa('P-384'), { privateKey: publicKey, publicKey }]
    for (const keyPair of keyPairs)
      await expect(toWebCryptoKey({ keyPair })).rejects.toThrow(KeySignatureError)
  })
})

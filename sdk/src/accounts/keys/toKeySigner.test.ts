import { concatHex, hashTypedData, keccak256, size, slice, toHex } from 'viem'
import type { WebAuthnAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test, vi } from 'vitest'
import { KeyNotSupportedError, KeySignatureError, PublicKeyError } from '../../errors/key.ts'
import type { P256Key } from './p256Signer.ts'
import { sessionKeyAddress } from './sessionKeyAddress.ts'
import { toKeySigner } from './toKeySigner.ts'

/** Base point of the curve (SEC 2). */
const publicKey =
  '0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'
const signature = `0x${'5a'.repeat(64)}` as const
const typedData = {
  types: { Mail: [{ name: 'text', type: 'string' }] },
  primaryType: 'Mail',
  message: { text: 'hello' },
} as const
const hash = hashTypedData(typedData)

const p256Key = (sign: P256Key['sign'] = async () => signature): P256Key => ({
  type: 'p256',
  publicKey,
  sign,
})

/** An authenticator that says what it is told to. */
function passkey({
  challenge = Buffer.from(hash.slice(2), 'hex').toString('base64url'),
  type = 'webauthn.get',
  flags = '05',
  tail = '',
}: {
  challenge?: string
  type?: string
  flags?: string
  tail?: string
} = {}): WebAuthnAccount {
  const clientDataJSON = `{"type":"${type}","challenge":"${challenge}","origin":"https://app.test"${tail}}`
  return {
    id: 'passkey',
    publicKey,
    type: 'webAuthn',
    sign: async () => ({
      signature,
      webauthn: { authenticatorData: `0x${'ff'.repeat(32)}${flags}00000001`, clientDataJSON },
      raw: {},
    }),
  } as unknown as WebAuthnAccount
}

describe('toKeySigner', () => {
  test('a P-256 key signs the hash; as a session key it brings its public key along', async () => {
    const asked: unknown[] = []
    const signer = toKeySigner(
      p256Key(async (parameters) => {
        asked.push(parameters)
        return signature
      }),
      'owner',
    )
    expect(await signer.sign(typedData, 'owner')).toBe(concatHex(['0x01', signature]))
    expect(await signer.sign(typedData, 'session')).toBe(concatHex(['0x01', signature, publicKey]))
    expect(asked).toEqual([{ hash }, { hash }])
    expect(signer.publicKey).toBe(publicKey)
    expect(signer.address).toBe(slice(keccak256(publicKey), 12))
    expect(sessionKeyAddress({ publicKey })).toBe(signer.address)
  })

  test('a passkey signs as a session key with its public key before the assertion', async () => {
    const signer = toKeySigner(passkey(), 'session key')
    const [asOwner, asSession] = [
      await signer.sign(typedData, 'owner'),
      await signer.sign(typedData, 'session'),
    ]
    expect(slice(asOwner, 0, 1)).toBe('0x02')
    expect(asSession).toBe(concatHex(['0x02', publicKey, slice(asOwner, 1)]))
  })

  test.each(['owner', 'session'] as const)(
    'stubs of the %s are as long as signatures, or longer',
    async (role) => {
      const secp256k1 = privateKeyToAccount(generatePrivateKey())
      for (const key of [secp256k1, p256Key()]) {
        const signer = toKeySigner(key, 'owner')
        expect(size(signer.stub(role))).toBe(size(await signer.sign(typedData, role)))
      }
      const signer = toKeySigner(passkey({ tail: ',"crossOrigin":false' }), 'owner')
      expect(size(signer.stub(role))).toBeGreaterThanOrEqual(
        size(await signer.sign(typedData, role)),
      )
    },
  )

  test('an assertion that is longer than its stub lengthens the next stub', async () => {
    const signer = toKeySigner(passkey({ tail: `,"topOrigin":"${'o'.repeat(500)}"` }), 'owner')
    const before = size(signer.stub('owner'))
    const signed = size(await signer.sign(typedData, 'owner'))
    expect(signed).toBeGreaterThan(before)
    expect(size(signer.stub('owner'))).toBeGreaterThanOrEqual(signed)
  })

  test.each([
    ['another challenge', passkey({ challenge: 'AAAA' }), 'another challenge'],
    ['a registration', passkey({ type: 'webauthn.create' }), 'no assertion'],
    ['nobody there', passkey({ flags: '00' }), 'saw no user'],
    ['a user who was not verified', passkey({ flags: '01' }), 'did not verify its user'],
  ])('%s is refused before it is sent', async (_, key, problem) => {
    const sign = toKeySigner(key, 'owner').sign(typedData, 'owner')
    await expect(sign).rejects.toBeInstanceOf(KeySignatureError)
    await expect(sign).rejects.toThrow(problem)
  })

  test('a user who closes the prompt is told apart, with the cause', async () => {
    const cause = new Error('NotAllowedError')
    const key = { ...passkey(), sign: () => Promise.reject(cause) }
    const sign = toKeySigner(key, 'owner').sign(typedData, 'owner')
    await expect(sign).rejects.toBeInstanceOf(KeySignatureError)
    await expect(sign).rejects.toMatchObject({ cause })
  })

  test('a P-256 key that signs something else than 64 bytes is refused', async () => {
    const key = p256Key(async () => toHex('no signature'))
    await expect(toKeySigner(key, 'owner').sign(typedData, 'owner')).rejects.toBeInstanceOf(
      KeySignatureError,
    )
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a private key', generatePrivateKey()],
    ['an address only', { type: 'json-rpc', address: `0x${'11'.repeat(20)}` }],
    ['a smart account', { type: 'smart', address: `0x${'11'.repeat(20)}`, signTypedData() {} }],
  ])('%s is no key', (_, key) => {
    expect(() => toKeySigner(key as never, 'session key')).toThrow(KeyNotSupportedError)
  })

  test('a public key beside the curve is refused', () => {
    const key = { ...p256Key(), publicKey: concatHex([signature]) }
    expect(() => toKeySigner(key, 'owner')).toThrow(PublicKeyError)
  })
})

test('a device that never signs is given up after two minutes', async () => {
  vi.useFakeTimers()
  try {
    const silent = p256Key(() => new Promise(() => undefined))
    const signing = toKeySigner(silent, 'owner').sign(typedData, 'owner')
    const outcome = expect(signing).rejects.toMatchObject({
      name: 'KeySignatureError',
      cause: { name: 'TimeoutError' },
    })
    await vi.advanceTimersByTimeAsync(120_000)
    await outcome
  } finally {
    vi.useRealTimers()
  }
})

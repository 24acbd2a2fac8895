import { bytesToHex, hexToBytes, keccak256, recoverAddress, slice, stringToHex } from 'viem'
import { generatePrivateKey, privateKeyToAddress, sign } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { kmsSigner } from './kmsSigner.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** ASN.1 DER: integers without leading zeros, with one before a high bit. */
function der(r: bigint, s: bigint): Uint8Array {
  const integer = (value: bigint) => {
    const digits = value.toString(16)
    const even = digits.length % 2 ? `0${digits}` : digits
    const bytes = /^[89a-f]/.test(even) ? `00${even}` : even
    return Buffer.from(`02${(bytes.length / 2).toString(16).padStart(2, '0')}${bytes}`, 'hex')
  }
  const body = Buffer.concat([integer(r), integer(s)])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

/** A key management service: no recovery bit, and the high s of every second signature. */
function newKey() {
  const privateKey = generatePrivateKey()
  let count = 0
  return {
    address: privateKeyToAddress(privateKey),
    async signDer(digest: Uint8Array) {
      const { r, s } = await sign({ hash: bytesToHex(digest), privateKey })
      return der(BigInt(r), count++ % 2 ? order - BigInt(s) : BigInt(s))
    },
  }
}

describe('kmsSigner', () => {
  test('40 digests: each signature is of the key, with low s and v 27 or 28', async () => {
    const key = newKey()
    const signer = kmsSigner(key)
    for (let index = 0; index < 40; index++) {
      const hash = keccak256(stringToHex(`${index}`))
      const signature = await signer.sign(hash)
      expect(await recoverAddress({ hash, signature })).toBe(key.address)
      expect(BigInt(slice(signature, 32, 64))).toBeLessThanOrEqual(order / 2n)
      expect(['0x1b', '0x1c']).toContain(slice(signature, 64))
    }
  })

  test('what another key signed is refused', async () => {
    const { signDer } = newKey()
    const address = privateKeyToAddress(generatePrivateKey())
    await expect(kmsSigner({ address, signDer }).sign(keccak256('0x'))).rejects.toThrow(
      `another key than ${address}`,
    )
  })

  test.each([
    '0x',
    '0x3001',
    '0x30060201010201',
    '0x3006020101030101',
    '0x3008020101020101ffff',
  ] as const)('%s is no signature', async (text) => {
    const signer = kmsSigner({
      address: privateKeyToAddress(generatePrivateKey()),
      signDer: async () => hexToBytes(text),
    })
    await expect(signer.sign(keccak256('0x'))).rejects.toThrow('DER')
  })
})

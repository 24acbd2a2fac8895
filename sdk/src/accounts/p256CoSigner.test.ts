import { concatHex, hashTypedData, keccak256, numberToHex, slice } from 'viem'
import { expect, test } from 'vitest'
import { voucherTypedData } from '../actions/marketplace/voucher.ts'
import { PublicKeyError } from '../errors/key.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { p256KeyId, toP256CoSigner } from './p256CoSigner.ts'

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
/** The base point of the curve. */
const publicKey =
  '0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'
const word = (value: bigint) => numberToHex(value, { size: 32 })
const voucher = voucherTypedData(contracts, { sessionId: 1n, cumulativeTokens: 5n })

test('the id of a key is the end of its hash, with and without the prefix', () => {
  expect(p256KeyId(publicKey)).toBe(slice(keccak256(publicKey), 12))
  expect(p256KeyId(concatHex(['0x04', publicKey]))).toBe(p256KeyId(publicKey))
})

test.each([`0x${'ab'.repeat(63)}`, `0x02${'ab'.repeat(64)}`, '0x'] as const)(
  '%s is no public key',
  (key) => {
    expect(() => p256KeyId(key)).toThrow(PublicKeyError)
    expect(() => toP256CoSigner({ publicKey: key, sign: async () => '0x' })).toThrow(PublicKeyError)
  },
)

test.each([
  ['a low s stays', 7n, 7n],
  ['half of the order stays', order / 2n, order / 2n],
  ['the s above becomes the one below', order / 2n + 1n, order - (order / 2n + 1n)],
  ['a high s becomes low', order - 7n, 7n],
])('signs r, s, x, y over the hash of the voucher: %s', async (_, s, expected) => {
  const hashes: string[] = []
  const coSigner = toP256CoSigner({
    publicKey,
    async sign({ hash }) {
      hashes.push(hash)
      return concatHex([word(9n), word(s)])
    },
  })
  expect(await coSigner.signTypedData(voucher)).toBe(
    concatHex([word(9n), word(expected), publicKey]),
  )
  expect(hashes).toEqual([hashTypedData(voucher)])
})

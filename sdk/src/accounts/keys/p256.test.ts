import * as fc from 'fast-check'
import { concatHex, hexToBigInt, hexToBytes, numberToHex, slice } from 'viem'
import { describe, expect, test } from 'vitest'
import { KeySignatureError, PublicKeyError } from '../../errors/key.ts'
import { lowS, p256Address, p256Point, stubP256Signature } from './p256.ts'

/** Base point of the curve (SEC 2). */
const x = '0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'
const y = '0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'
const point = concatHex([x, y])
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const word = (value: bigint) => numberToHex(value, { size: 32 })

describe('p256Point', () => {
  test.each([point, concatHex(['0x04', point])])('takes %s', (publicKey) => {
    expect(p256Point(publicKey)).toBe(point)
  })

  test.each([
    ['a compressed key', concatHex(['0x03', x]), 'it has 33 bytes'],
    ['another prefix', concatHex(['0x05', point]), 'it has 65 bytes'],
    ['no key', '0x', 'it has 0 bytes'],
    ['a point beside the curve', concatHex([x, x]), 'it is not on the curve'],
    ['zero', concatHex([word(0n), word(0n)]), 'it is not on the curve'],
    // The same point modulo p: a second name for one key.
    ['a coordinate above p', concatHex([word(prime), word(0n)]), 'it is not on the curve'],
  ] as const)('refuses %s', (_, publicKey, problem) => {
    expect(() => p256Point(publicKey)).toThrow(PublicKeyError)
    expect(() => p256Point(publicKey)).toThrow(problem)
  })
})

test('p256Address: the last 20 bytes of keccak256(x ‖ y)', () => {
  expect(p256Address(point)).toBe(p256Address(p256Point(concatHex(['0x04', point]))))
  expect(p256Address(point)).toMatch(/^0x[0-9a-f]{40}$/)
})

describe('lowS', () => {
  test.each([
    { s: 1n, low: 1n },
    { s: order / 2n, low: order / 2n },
    { s: order / 2n + 1n, low: order / 2n },
    { s: order - 1n, low: 1n },
  ])('$s becomes $low', ({ s, low }) => {
    expect(lowS(concatHex([x, word(s)]))).toBe(concatHex([x, word(low)]))
    expect(lowS(concatHex([x, word(s), '0x1b']))).toBe(concatHex([x, word(low)]))
  })

  test.each([
    ['s is 0', concatHex([x, word(0n)])],
    ['s is the order', concatHex([x, word(order)])],
    ['r is 0', concatHex([word(0n), x])],
    ['DER', `0x3045${'02'.repeat(69)}` as const],
  ])('refuses what no key signs: %s', (_, signature) => {
    expect(() => lowS(signature)).toThrow(KeySignatureError)
  })

  test('never leaves an s above half of the order', () => {
    const scalar = fc.bigInt({ min: 1n, max: order - 1n })
    fc.assert(
      fc.property(scalar, scalar, (r, s) => {
        const low = hexToBigInt(slice(lowS(concatHex([word(r), word(s)])), 32))
        expect(low <= order / 2n && (low === s || low + s === order)).toBe(true)
      }),
    )
  })
})

describe('stubP256Signature', () => {
  const [r, s] = [
    hexToBigInt(slice(stubP256Signature, 0, 32)),
    hexToBigInt(slice(stubP256Signature, 32)),
  ]

  test('could be a signature, and has no byte that is cheaper than another', () => {
    expect(lowS(stubP256Signature)).toBe(stubP256Signature)
    expect(hexToBytes(stubP256Signature)).not.toContain(0)
  })

  test('r / s has no pair of bits that is zero, so that every step of a verifier adds', () => {
    let u2 = (r * power(s, order - 2n)) % order
    const pairs: bigint[] = []
    for (let step = 0; step < 128; step += 1) {
      pairs.push(u2 & 3n)
      u2 >>= 2n
    }
    expect(pairs).not.toContain(0n)
  })
})

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let rest = exponent, square = base; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % order
    square = (square * square) % order
  }
  return result
}

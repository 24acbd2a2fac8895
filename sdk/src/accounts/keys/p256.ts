import {
  type Address,
  concatHex,
  type Hex,
  hexToBigInt,
  keccak256,
  numberToHex,
  size,
  slice,
} from 'viem'
import { KeySignatureError, PublicKeyError } from '../../errors/key.ts'

// SEC 2, secp256r1: y² = x³ - 3x + b over p, order n.
const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/**
 * 64 bytes x ‖ y of a P-256 public key, with or without the prefix 04 of an uncompressed point.
 * @throws {PublicKeyError} When it has another length or is not on the curve.
 */
export function p256Point(publicKey: Hex): Hex {
  const length = size(publicKey)
  const prefixed = length === 65 && publicKey.startsWith('0x04')
  if (!prefixed && length !== 64)
    throw new PublicKeyError({ publicKey, problem: `it has ${length} bytes` })
  const point = prefixed ? slice(publicKey, 1) : publicKey
  const [x, y] = [hexToBigInt(slice(point, 0, 32)), hexToBigInt(slice(point, 32))]
  const isOnCurve = x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n
  if (!isOnCurve) throw new PublicKeyError({ publicKey, problem: 'it is not on the curve' })
  return point
}

/** Address of a P-256 session key in an account: the last 20 bytes of keccak256(x ‖ y). */
export function p256Address(point: Hex): Address {
  return slice(keccak256(point), 12)
}

/**
 * 64 bytes r ‖ s with the lower one of the two possible s, which the account insists on.
 * @param signature 64 bytes r ‖ s; a recovery byte behind them is cut off.
 * @throws {KeySignatureError} When it has another length, or r or s is out of range.
 */
export function lowS(signature: Hex): Hex {
  const length = size(signature)
  if (length !== 64 && length !== 65)
    throw new KeySignatureError({ problem: `r and s take 64 bytes, not ${length}` })
  const r = slice(signature, 0, 32)
  const s = hexToBigInt(slice(signature, 32, 64))
  if ([hexToBigInt(r), s].some((value) => value === 0n || value >= n))
    throw new KeySignatureError({ problem: 'r or s is out of range' })
  return concatHex([r, numberToHex(s > n / 2n ? n - s : s, { size: 32 })])
}

/**
 * r ‖ s of stub signatures. No byte is zero, and r / s has no pair of bits that is zero: a verifier written in Solidity
 * then adds a point in each of its 128 steps, so that no real signature takes more gas.
 */
export const stubP256Signature: Hex =
  '0xa6bf432858d21a57de296e899b3e45df8da01c28bb0c86381a8e685c20a885527a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a'

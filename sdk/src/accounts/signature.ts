import { concatHex, type Hex } from 'viem'

/** First byte of a signature of a Fabstir account: what kind of key made the rest. */
export const signaturePrefix = {
  secp256k1: '0x00',
  /** P-256 over the digest itself. */
  p256: '0x01',
  /** P-256 over a WebAuthn assertion with the digest as its challenge. */
  webAuthn: '0x02',
  /** A session key whose grant is installed by this very operation. */
  enable: '0x10',
} as const

/** Signature of a secp256k1 owner or session key. */
export function toSecp256k1Signature(signature: Hex): Hex {
  return concatHex([signaturePrefix.secp256k1, signature])
}

/**
 * Dummy of the same length, with few zero bytes: it recovers to some address, so that gas estimation walks
 * the path of a wrong key instead of that of a malformed signature.
 */
export const stubSecp256k1Signature: Hex = toSecp256k1Signature(
  '0xfffffffffffffffffffffffffffffff0000000000000000000000000000000007aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1c',
)

/**
 * Dummy for the key of an EIP-7702 account. The account knows its own address without looking up its owner, so the
 * dummy recovers to nothing (r is above the order of the curve): one that recovered to an address would have the
 * owner's slot read in validation, and the calls after it would seem 2,000 gas cheaper than they are.
 */
export const stubSelfSignature: Hex = toSecp256k1Signature(
  `0x${'ff'.repeat(32)}${'7a'.repeat(32)}1c`,
)

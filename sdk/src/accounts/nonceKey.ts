import { type Address, concatHex, hexToBigInt, numberToHex, zeroAddress } from 'viem'

/** Which kind of key signs: the account's validation reads it from the top byte of the nonce key. */
export type NonceKeyType = 'owner' | 'session'

const typeByte = { owner: 0, session: 1 } as const

/** Lanes of one key: 24 bits. */
export const maxNonceLanes = 2 ** 24

/**
 * 192-bit nonce key of a Fabstir account: type (1 byte) ‖ lane (3 bytes) ‖ key id (20 bytes).
 * Operations in different lanes never wait for each other; a new lane costs 17,100 gas once.
 * @param lane From 0 to 2^24 - 1.
 * @param keyId Address of the session key; zero for the owner.
 * @example
 * const nonce = await account.getNonce({ key: nonceKey({ type: 'owner', lane: 3 }) })
 */
export function nonceKey({
  type,
  lane = 0,
  keyId = zeroAddress,
}: {
  type: NonceKeyType
  lane?: number | undefined
  keyId?: Address | undefined
}): bigint {
  return hexToBigInt(
    concatHex([
      numberToHex(typeByte[type], { size: 1 }),
      numberToHex(lane, { size: 3 }),
      numberToHex(hexToBigInt(keyId), { size: 20 }),
    ]),
  )
}
